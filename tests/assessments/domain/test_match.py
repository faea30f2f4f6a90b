"""Match: keys, responses and points."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assessments.domain.schemas.base import InvalidKey, InvalidResponse
from assessments.domain.schemas.match import MatchContent, MatchKey, MatchResponse, check_key, check_response
from assessments.domain.schemas.parts import Option
from assessments.domain.scoring.match import TYPE, key_with, score, simple_strategies
from tests.assessments.domain.laws import anything, check_anything_from_outside, check_laws
from tests.assessments.strategies.match import match_items

ANYTHING = anything(["pairs", "e0", "e1"], ["t0", "t1", 1])


def options(names: str) -> tuple[Option, ...]:
    return tuple(Option(id=name, text=name.upper()) for name in names)


CONTENT = MatchContent(prompt="Match.", entries=options("abcd"), targets=options("xyz"))


def paired(pairs: str) -> dict[str, str]:
    """The pairs that words such as "ax" state: entry, then target."""
    return {pair[0]: pair[1] for pair in pairs.split()}


def points(key: str, given: str, **accepted: str) -> Fraction:
    sets = {entry: frozenset(targets) for entry, targets in accepted.items()}
    response = MatchResponse(pairs=paired(given))
    return score(CONTENT, MatchKey(pairs=paired(key), accepted=sets), response).points


@given(match_items())
def test_it_keeps_the_laws_of_items(item):
    check_laws(TYPE, item)


@given(match_items(), ANYTHING)
def test_anything_from_outside_is_scored_or_refused(item, raw):
    check_anything_from_outside(TYPE, item, raw)


@given(match_items())
def test_only_a_right_partner_for_each_entry_that_has_one_and_none_for_the_others_earns_1(item):
    content, key, response = item
    is_acceptable = all(
        response.pairs.get(entry.id) in key.acceptable(entry.id)
        if entry.id in key.pairs
        else entry.id not in response.pairs
        for entry in content.entries
    )

    assert (score(content, key, response).points == 1) == is_acceptable


@given(match_items(), st.data())
def test_one_more_right_pair_never_costs_points(item, data):
    content, key, response = item
    entry = data.draw(st.sampled_from(sorted(key.pairs)))
    target = data.draw(st.sampled_from(sorted(key.acceptable(entry))))

    better = MatchResponse(pairs={**response.pairs, entry: target})
    assert score(content, key, better).points >= score(content, key, response).points


@given(match_items())
def test_leaving_an_entry_alone_that_has_no_partner_never_costs_points(item):
    content, key, response = item

    better = MatchResponse(pairs={entry: target for entry, target in response.pairs.items() if entry in key.pairs})
    assert score(content, key, better).points >= score(content, key, response).points


@pytest.mark.parametrize("key", ["ax by cz", "ax by", "ax bx cx dx"])
def test_targets_at_random_earn_no_more_than_1_over_their_number_on_average(key):
    targets = [target.id for target in CONTENT.targets]
    guesses = [" ".join(map("".join, zip("abcd", guess, strict=True))) for guess in product(targets, repeat=4)]

    mean = sum(points(key, guess) for guess in guesses) / len(guesses)

    assert mean <= Fraction(1, len(targets))


def test_right_pairs_count_and_partners_for_the_lonely_cost():
    assert points("ax by cz", "ax by cz") == 1
    assert points("ax by cz", "ax bx cz") == Fraction(2, 3)
    assert points("ax by cz", "ax by cz dz") == Fraction(2, 3)
    assert points("ax by cz", "bx dz") == 0
    assert points("ax by cz", "dz") == 0


def test_a_further_accepted_target_is_as_right():
    assert points("ax by", "az by", a="z") == 1
    assert points("ax by", "ay by", a="z") == Fraction(1, 2)


def test_a_target_may_serve_several_entries():
    assert points("ax bx", "ax bx") == 1


def test_counts_are_the_right_pairs_and_those_that_should_not_be():
    (part,) = score(CONTENT, MatchKey(pairs=paired("ax by")), MatchResponse(pairs=paired("ax bx cz dz"))).parts

    assert part.counts == {"right": 1, "pairs": 2, "needless": 2}


def test_restating_the_key_keeps_what_else_is_accepted():
    stated = {"pairs": {"a": "x"}, "accepted": {"a": ["z"]}}

    assert key_with(CONTENT, MatchResponse(pairs=paired("ay")), stated) == {**stated, "pairs": {"a": "y"}}


def test_simple_strategies_are_one_target_throughout_and_the_targets_in_turn():
    strategies = simple_strategies(CONTENT)

    assert {name: "".join(response.pairs.values()) for name, response in strategies.items()} == {
        "always the first target": "xxxx",
        "always the last target": "zzzz",
        "the targets in turn": "xyzx",
        "the targets in turn, from the last": "zyxz",
    }


@pytest.mark.parametrize("names", [{"entries": options("aab")}, {"targets": options("xx")}])
def test_names_must_differ(names):
    with pytest.raises(ValidationError, match="ids must differ"):
        MatchContent(prompt="Match.", **{"entries": options("ab"), "targets": options("xy"), **names})


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        ({"pairs": {"q": "x"}}, "unknown entries q; they are a, b, c, d"),
        ({"pairs": {"a": "q"}}, "unknown targets q; they are x, y, z"),
        ({"pairs": {"a": "x"}, "accepted": {"a": ["q"]}}, "unknown targets q"),
        ({"pairs": {"a": "x"}, "accepted": {"b": ["y"]}}, "b has accepted targets but stands in no pair"),
    ],
)
def test_a_key_that_does_not_fit_is_refused(key, complaint):
    with pytest.raises(InvalidKey, match=complaint):
        check_key(CONTENT, MatchKey.model_validate(key))


@pytest.mark.parametrize(
    ("pairs", "complaint"), [({"q": "x"}, "unknown entries q"), ({"a": "q"}, "unknown targets q; they are x, y, z")]
)
def test_a_response_that_does_not_fit_is_refused(pairs, complaint):
    with pytest.raises(InvalidResponse, match=complaint):
        check_response(CONTENT, MatchResponse(pairs=pairs))
