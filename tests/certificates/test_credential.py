"""What a credential says: the model of Open Badges 3.0, nothing personal beyond the name, and nothing unknown."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from certificates.adapters.canonical_json import canonical, parse_json
from certificates.domain.credential import check_shape, content_of, with_evidence
from certificates.domain.issuer import did_of, issuer_of
from tests.certificates.credential_contents import contents
from tests.certificates.factories import make_view
from tests.certificates.issuer_at_hand import IssuerAtHand
from tests.certificates.open_badges_model import faults

NAMES = [
    "Ada Lovelace",
    "Łukasz Żółkiewski",
    "Αλέξανδρος Παπαδόπουλος",
    "Дмитрий Шостакович",
    "محمد عبد الله",
    "דוד בן־גוריון",
    "सत्यजित राय",
    "สมชาย ใจดี",
    "王小明",
    "田中 太郎",
    "김철수",
    "O’Brien “Bob” <b>&amp;</b> \\ \t 👩🏽‍🏫",
    "e\u0301 is not \u00e9",
]


@pytest.fixture(scope="module")
def issuer() -> IssuerAtHand:
    return IssuerAtHand(base_url="https://assay.example")


@pytest.fixture(scope="module")
def document(issuer: IssuerAtHand) -> dict[str, Any]:
    return issuer.sign()


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document, at any depth."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_in(inner)


def test_a_signed_credential_fits_the_model_of_open_badges(document):
    assert faults(document) == []


@given(contents())
@settings(max_examples=50)
def test_whatever_a_certificate_says_fits_the_model_of_open_badges(content):
    assert faults(content) == []


@pytest.mark.parametrize("member", ["id", "type", "issuer", "validFrom", "credentialSubject"])
def test_the_model_misses_what_must_be_there(document, member):
    assert faults({name: value for name, value in document.items() if name != member})


@pytest.mark.parametrize("member", ["proof", "evidence", "credentialStatus", "credentialSubject"])
def test_the_model_tells_an_array_from_one(document, member):
    value = document[member]
    assert faults({**document, member: value[0] if isinstance(value, list) else [value]})


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_survives_signing(issuer, name):
    document = parse_json(canonical(issuer.sign(issuer.content(make_view(holder_name=name)))))

    assert document["credentialSubject"]["identifier"][0]["identityHash"] == name
    assert verified_by_openbadgeslib(document, issuer).recipient_id == document["credentialSubject"]["id"]


def verified_by_openbadgeslib(document: dict[str, Any], issuer: IssuerAtHand) -> Any:
    def fetch(_url: str) -> bytes:
        return json.dumps(issuer.did_document).encode()

    return OB3LdpVerifier.for_issuer_did(issuer.did, fetch).verify(document, download=fetch)


def test_openbadgeslib_takes_the_credential_and_the_token(issuer, document):
    def fetch(_url: str) -> bytes:
        return json.dumps(issuer.did_document).encode()

    assert verified_by_openbadgeslib(document, issuer).issuer.id == issuer.did
    assert OB3Verifier.for_issuer_did(issuer.did, fetch).verify(issuer.token(document)).issuer.id == issuer.did


def test_openbadgeslib_refuses_a_changed_credential(issuer, document):
    changed = copy.deepcopy(document)
    changed["credentialSubject"]["result"][0]["value"] = "100"

    with pytest.raises(OB3VerificationError):
        verified_by_openbadgeslib(changed, issuer)


def test_the_content_says_what_the_certificate_says(issuer):
    view = make_view(score=Fraction(999, 1000), cut_score=Fraction(2, 3))
    subject = issuer.content(view)["credentialSubject"]

    assert [result["value"] for result in subject["result"]] == ["99", "92"]
    assert [result["achievedLevel"].rpartition("#")[2] for result in subject["result"]] == [
        "level-expert",
        "level-advanced",
    ]
    assert subject["achievement"]["resultDescription"][0]["requiredValue"] == "66"
    described = {each["id"]: each["rubricCriterionLevel"] for each in subject["achievement"]["resultDescription"]}
    for result in subject["result"]:
        assert result["achievedLevel"] in [level["id"] for level in described[result["resultDescription"]]]


def test_a_skill_that_is_called_overall_is_not_the_overall_result(issuer):
    [skill] = make_view().skills
    subject = issuer.content(make_view(skills=(replace(skill, skill="overall"),)))["credentialSubject"]

    assert len({each["id"] for each in subject["achievement"]["resultDescription"]}) == 2


def test_the_holder_has_one_id_in_all_credentials_of_a_certificate_and_another_in_others(issuer):
    first, second = (issuer.content(number=number) for number in (1, 2))
    other = issuer.content(make_view(id="anotherCertificate234567"))

    assert first["credentialSubject"]["id"] == second["credentialSubject"]["id"]
    assert other["credentialSubject"]["id"] != first["credentialSubject"]["id"]
    assert first["id"] != second["id"]


def test_nothing_personal_is_in_it_beyond_the_name(issuer):
    view = make_view()
    text = canonical(issuer.content(view)).decode()

    assert "@" not in text.replace('"@context"', "")
    assert str(view.attempt_id) not in text


@given(contents())
@settings(max_examples=25)
def test_content_is_what_is_left_without_evidence_and_proof(content):
    document = with_evidence(content, evidence={"type": ["Evidence"]}) | {"proof": [{}]}

    assert canonical(content_of(document)) == canonical(content)


def test_our_shape_takes_what_we_sign(document):
    check_shape(parse_json(canonical(document)))


@given(content=contents())
@settings(max_examples=25)
def test_our_shape_takes_whatever_we_sign(issuer, document, content):
    check_shape(content | {"evidence": document["evidence"], "proof": document["proof"]})


@given(st.data())
def test_our_shape_refuses_an_unknown_member_anywhere(document, data):
    changed = copy.deepcopy(document)
    place = data.draw(st.sampled_from(list(objects_in(changed))))
    name = data.draw(st.text(min_size=1, max_size=20).filter(lambda name: name not in place))
    place[name] = data.draw(st.sampled_from(["x", 1, None, {}, []]))

    with pytest.raises(ValueError, match="not a credential of ours"):
        check_shape(changed)


@given(st.data())
def test_our_shape_refuses_another_kind_of_value_anywhere(document, data):
    changed = copy.deepcopy(document)
    place = data.draw(st.sampled_from(list(objects_in(changed))))
    name = data.draw(st.sampled_from(sorted(place)))
    other = data.draw(
        st.sampled_from([None, 0, True, {}, [], [[]], [place[name], place[name]], {"@value": place[name]}])
    )
    place[name] = other

    with pytest.raises(ValueError, match="not a credential of ours"):
        check_shape(changed)


@given(st.data())
def test_our_shape_misses_a_member_anywhere(document, data):
    changed = copy.deepcopy(document)
    place = data.draw(st.sampled_from(list(objects_in(changed))))
    name = data.draw(st.sampled_from([name for name in sorted(place) if name != "requiredValue"]))
    del place[name]

    with pytest.raises(ValueError, match="not a credential of ours"):
        check_shape(changed)


def test_our_shape_takes_the_names_of_open_badges_and_no_other_spelling_of_them(document):
    changed = {("valid_from" if name == "validFrom" else name): value for name, value in document.items()}

    with pytest.raises(ValueError, match="not a credential of ours"):
        check_shape(changed)


@pytest.mark.parametrize("value", [None, [], "text", 1, {}])
def test_our_shape_refuses_what_is_no_credential_at_all(value):
    with pytest.raises(ValueError, match="not a credential of ours"):
        check_shape(value)


def test_the_public_organisation_is_the_installation_and_others_are_below_it():
    assert did_of("https://assay.example", "public", is_public=True) == "did:web:assay.example"
    assert did_of("http://127.0.0.1:8000", "x", is_public=True) == "did:web:127.0.0.1%3A8000"
    assert did_of("https://assay.example", "acme", is_public=False) == "did:web:assay.example:organisations:acme"


@pytest.mark.parametrize("is_development", [True, False])
def test_what_development_keys_sign_says_so_in_the_name_of_the_issuer(is_development):
    issuer = issuer_of(
        base_url="https://assay.example", slug="acme", name="Acme", is_public=False, is_development=is_development
    )
    assert ("development" in issuer.name) is is_development
