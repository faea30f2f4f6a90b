"""What a candidate receives before release does not depend on the key: swap the key, compare the bytes."""

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.web.transactions import EXTENSION
from tests.assessments.factories import ANSWERS, BANK, make_bank, make_test
from tests.databases import empty
from tests.people import make_person, sign_in

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

KEYS = st.fixed_dictionaries(
    {
        "choice": st.sampled_from([{"choices": [c]} for c in "abc"]),
        "claim-verdict": st.builds(
            lambda label, evidence: {"label": label, "evidence": evidence},
            st.sampled_from(["supported", "contradicted", "not-verifiable"]),
            st.sets(st.integers(1, 3), min_size=1).map(sorted),
        ),
        "span-highlight": st.builds(
            lambda start, length, category: {"spans": [{"start": start, "end": start + length, "category": category}]},
            st.integers(0, 60),
            st.integers(1, 12),
            st.sampled_from(["wrong-number", "wrong-entity"]),
        ),
        "rubric-score": st.builds(
            lambda clarity, fidelity: {"levels": {"clarity": clarity, "fidelity": fidelity}},
            st.integers(1, 4),
            st.integers(1, 4),
        ),
    }
)


def traffic(app, keys) -> list[tuple[int, dict[str, str], str]]:
    """Status, headers and body of everything that one and the same sitting fetches, with nonces masked."""
    empty(app.extensions[EXTENSION].engine)
    with app.extensions[EXTENSION].transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT, per_type=1, keys=keys)
        make_test(session, at=AT, count=1)
        person = make_person(session, email="ada@example.org")
    client = app.test_client()
    sign_in(client, person)
    started = client.post(f"/tests/{BANK}/attempts")
    attempt_id = UUID(started.location.split("/")[2])
    answers = [client.get(f"/tests/{BANK}/"), started, client.get(f"/attempts/{attempt_id}/")]
    for position, response in enumerate(ANSWERS.values(), start=1):
        url = f"/attempts/{attempt_id}/responses/{position}"
        answers.append(client.put(url, json={"response": response, "sequence": 2}))
        answers.append(client.put(url, json={"response": response, "sequence": 1}))
        answers.append(client.put(url, json={"response": {"unknown": 1}, "sequence": 3}))
    answers.append(client.get(f"/attempts/{attempt_id}/"))
    answers.append(client.get(f"/attempts/{attempt_id}/review"))
    answers.append(client.get(f"/attempts/{attempt_id}/result"))
    assert {a.status_code for a in answers} == {200, 303, 409, 422}
    return [(a.status_code, masked_headers(a.headers), masked(a.text)) for a in answers]


def masked(text: str) -> str:
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)
    text = re.sub(r'data-seconds-left="\d+"', "SECONDS", text)
    text = re.sub(r'(csrf[_-]token"[^>]*(?:value|content)=")[^"]+', r"\1TOKEN", text)
    text = re.sub(r"<time[^>]*>[^<]*</time>", "TIME", text)
    return re.sub(r'(name="next"[^>]*value=")[^"]+', r"\1NEXT", text)


def masked_headers(headers) -> dict[str, str]:
    kept = {name: masked(value) for name, value in headers.items()}
    return {name: value for name, value in kept.items() if name not in {"Set-Cookie", "Date", "Content-Length"}}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=KEYS, second=KEYS)
def test_swapping_the_keys_changes_no_byte_that_a_candidate_receives(app, first, second):
    assert traffic(app, first) == traffic(app, second)


@pytest.mark.parametrize("signed_in", [True, False])
def test_no_secret_of_an_item_is_in_a_page_before_release(app, client, database, signed_in):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_bank(session, at=AT)
        make_test(session, at=AT)
        person = make_person(session)
    if signed_in:
        sign_in(client, person)
        client.post(f"/tests/{BANK}/attempts")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            assert "CANARY" not in client.get(rule.rule).text, rule.rule
