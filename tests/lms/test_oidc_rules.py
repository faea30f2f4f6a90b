"""The rules of signing in elsewhere by themselves: what comes next, which addresses are good, what a scope opens."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.errors import Invalid
from lms.oidc.redirect_addresses import LONGEST, MOST, check_address, read_addresses
from lms.oidc.scopes import Scope, claims_of, known_scopes, scope_text
from lms.oidc.steps import Step, Stop, Visitor, Wish, next_step

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ADA = UUID("11111111-1111-4111-8111-111111111111")
instants = st.integers(-3600, 0).map(lambda seconds: AT + timedelta(seconds=seconds))
wishes = st.builds(
    Wish,
    prompts=st.one_of(
        st.just(frozenset({"none"})),
        st.frozensets(st.sampled_from(["login", "consent", "select_account", "something"])),
    ),
    max_age=st.none() | st.integers(0, 7200).map(lambda seconds: timedelta(seconds=seconds)),
    sent_to_sign_in_at=st.none() | instants,
)
visitors = st.builds(Visitor, signed_in_at=st.none() | instants, is_member=st.booleans(), has_agreed=st.booleans())


@given(wishes, visitors)
def test_who_goes_back_with_a_code_is_a_member_and_has_signed_in_and_agreed(wish, visitor):
    step = next_step(wish, visitor, at=AT)

    assert isinstance(step, Stop) == ("none" in wish.prompts and step is not Step.GO_BACK)
    if step is Step.GO_BACK:
        assert visitor.signed_in_at is not None
        assert visitor.is_member
        assert visitor.has_agreed


@given(wishes, visitors)
def test_who_was_sent_to_sign_in_and_did_is_never_sent_again(wish, visitor):
    if wish.sent_to_sign_in_at is not None and visitor.signed_in_at is not None:
        came_back = visitor.signed_in_at >= wish.sent_to_sign_in_at
        assert not (came_back and next_step(wish, visitor, at=AT) is Step.SIGN_IN_AGAIN)


@given(visitors, st.timedeltas(timedelta(0), timedelta(hours=2)))
def test_a_sign_in_that_is_too_old_gets_nobody_further(visitor, max_age):
    step = next_step(Wish(frozenset(), max_age), visitor, at=AT)

    if visitor.signed_in_at is not None:
        assert (step is Step.SIGN_IN_AGAIN) == (AT - visitor.signed_in_at > max_age)


@pytest.mark.parametrize(
    "address",
    [
        "https://tasks.example/signed-in",
        "https://tasks.example:8443/a/b?c=d",
        "http://127.0.0.1:5000/signed-in",
        "http://localhost/back",
        "http://[::1]:5000/back",
    ],
)
def test_an_address_that_can_be_come_back_to(address):
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tasks.example/signed-in",
        "/signed-in",
        "//tasks.example/x",
        "http://tasks.example/signed-in",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example/",
        "https://user@tasks.example/",
        "https://user:word@tasks.example/",
        "https://@tasks.example/",
        "https://tasks.example/#part",
        "https://tasks.example/#",
        "https://*.tasks.example/",
        "https://tasks.example/ x",
        "https://tasks.example\\@evil.example/",
        "https://täsks.example/",
        "https:///path",
        "https://tasks.example:port/",
        "https://[::1/",
        "javascript:alert(1)",
        "data:text/html,x",
        "app.tasks:/signed-in",
        "https://tasks.example/" + "x" * LONGEST,
    ],
)
def test_an_address_to_which_nobody_is_sent(address):
    with pytest.raises(Invalid, match=" "):
        check_address(address)


def test_addresses_are_read_a_line_each_and_the_line_of_a_fault_is_named():
    assert read_addresses(" https://a.example/x \n\nhttps://b.example/\nhttps://a.example/x\n") == [
        "https://a.example/x",
        "https://b.example/",
    ]
    with pytest.raises(Invalid, match="Line 3: "):
        read_addresses("https://a.example/\n\nhttp://b.example/")
    with pytest.raises(Invalid, match="at least one"):
        read_addresses(" \n ")
    with pytest.raises(Invalid, match="at most"):
        read_addresses("\n".join(f"https://a.example/{number}" for number in range(MOST + 1)))


@given(st.lists(st.sampled_from([*Scope, "phone", "address"])))
def test_scopes_keep_our_order_and_open_what_they_name(words):
    known = known_scopes(" ".join(words))
    claims = claims_of(person_id=ADA, name="Ada", email="ada@example.org", scope=" ".join(words))

    assert known == sorted(set(words) & set(Scope), key=list(Scope).index)
    assert known_scopes(scope_text(known)) == known
    assert ("name" in claims, "email" in claims) == (Scope.PROFILE in known, Scope.EMAIL in known)
