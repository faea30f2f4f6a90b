"""Laws of the points for marked spans, on random texts with overlapping keys, overlapping marks and accepted sets."""

from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.domain.schemas.span_highlight import Span, SpanHighlightKey, SpanHighlightResponse
from assessments.domain.scoring.span_highlight import full_response, key_with, nearest_errors, score
from assessments.domain.stretches import core, halo
from tests.assessments.domain.test_character_f1 import f1_over_sets
from tests.assessments.item_strategies import CATEGORIES, span_highlight_items

ITEMS = span_highlight_items()
APART = span_highlight_items(overlapping=False, accepted=0)


def response_of(spans) -> SpanHighlightResponse:
    """A response of these spans, each once."""
    return SpanHighlightResponse(spans=tuple(dict.fromkeys(spans)))


def mark(start, end, category) -> Span:
    return Span(start=start, end=end, category=category)


def found(errors):
    return [mark(error.start, error.end, error.category) for error in errors]


def halo_of(error, content, key):
    return set(range(*halo((error.start, error.end), key.tolerance, len(content.text))))


def core_of(error, key):
    return set(range(*core((error.start, error.end), key.tolerance)))


def categories_at(position, spans):
    return {span.category for span in spans if span.start <= position < span.end}


def points_by_character(errors, content, key, response):
    """The published formula, counted character by character."""
    length, marks = len(content.text), response.spans
    gold, marked = [(e.start, e.end) for e in errors], [(m.start, m.end) for m in marks]
    f1, everything = (f1_over_sets(gold, some, length, key.tolerance) for some in (marked, [(0, length)]))
    location = max(Fraction(0), (f1 - everything) / (1 - everything))
    credits = []
    shown = {id(error): 0 for error in errors}
    for position in range(length):
        due = {error.category for error in errors if position in core_of(error, key)}
        near = {error.category for error in errors if position in halo_of(error, content, key)}
        given_here = categories_at(position, marks)
        counted = given_here - (near - due)
        if due and given_here:
            credits.append(Fraction(len(counted & due), max(len(counted), len(due))))
        for error in errors:
            if position in core_of(error, key):
                shown[id(error)] += bool(given_here) if due == {error.category} else error.category in given_here
    if not location:
        return location
    points = location * (Fraction(7, 10) + Fraction(3, 10) * sum(credits) / len(credits))
    missed = any(e.critical and 2 * shown[id(e)] < len(core_of(e, key)) for e in errors)
    return points / 2 if missed else points


def is_acceptable(errors, content, key, marks):
    """Whether all marks lie in halos, and each core character carries what is due there and nothing foreign."""
    for position in range(len(content.text)):
        given_here = categories_at(position, marks)
        near = {error.category for error in errors if position in halo_of(error, content, key)}
        due = {error.category for error in errors if position in core_of(error, key)}
        if given_here and not near:
            return False
        if due and not (due <= given_here <= near):
            return False
    return True


@given(ITEMS)
def test_the_points_are_those_of_the_formula_counted_by_character_against_the_best_set(item):
    content, key, response = item
    expected = Fraction(response.no_errors)
    if key.spans:
        expected = max(points_by_character(errors, content, key, response) for errors in key.acceptable)

    assert score(content, key, response).points == expected


@given(ITEMS)
def test_points_run_from_0_to_1_and_the_parts_add_up(item):
    result = score(*item)

    assert 0 <= result.points <= 1
    assert sum(part.weight for part in result.parts) == 1
    assert sum(part.points * part.weight for part in result.parts) == result.points


@given(ITEMS)
def test_only_an_acceptable_answer_earns_1(item):
    content, key, response = item
    acceptable = response.no_errors
    if key.spans:
        acceptable = any(is_acceptable(errors, content, key, response.spans) for errors in key.acceptable)

    assert (score(content, key, response).points == 1) == acceptable


@given(ITEMS)
def test_each_accepted_set_earns_1(item):
    content, key, _ = item

    assert all(score(content, key, response_of(found(errors))).points == 1 for errors in key.acceptable if errors)


@given(ITEMS)
def test_an_empty_response_earns_nothing(item):
    content, key, _ = item

    assert score(content, key, SpanHighlightResponse()).points == 0


@given(ITEMS, st.sets(st.sampled_from(CATEGORIES), min_size=1))
def test_marking_everything_earns_nothing_in_one_category_or_in_all(item, categories):
    content, key, _ = item
    everything = response_of(mark(0, len(content.text), category) for category in categories)

    assert score(content, key, everything).points == 0


@given(APART)
def test_every_category_on_the_right_places_earns_no_more_than_a_guess_does_on_average(item):
    content, key, _ = item
    key = key.model_copy(update={"tolerance": 0})
    assume(key.spans)
    every = response_of(mark(e.start, e.end, category) for e in key.spans for category in CATEGORIES)
    guesses = [response_of(mark(e.start, e.end, category) for e in key.spans) for category in CATEGORIES]
    average = sum(score(content, key, guess).points for guess in guesses) / len(guesses)

    assert score(content, key, every).points == average


@given(ITEMS)
def test_only_a_sound_text_rewards_the_statement_that_it_is_sound(item):
    content, key, _ = item

    assert score(content, key, SpanHighlightResponse(no_errors=True)).points == (not key.spans)


@given(ITEMS, st.randoms(use_true_random=False))
def test_one_more_error_found_never_costs(item, random):
    content, key, _ = item
    alone = key.model_copy(update={"accepted": ()})
    spans = found(key.spans)
    random.shuffle(spans)
    earned = [score(content, alone, response_of(spans[:count])).points for count in range(len(spans) + 1)]

    assert earned == sorted(earned) or not key.spans


@given(ITEMS, st.data())
def test_an_error_of_the_nearest_set_added_to_any_response_never_costs(item, data):
    content, key, response = item
    errors = nearest_errors(content, key, response)
    assume(errors)
    more = response_of([*response.spans, data.draw(st.sampled_from(found(errors)))])

    assert score(content, key, more).points >= score(content, key, response).points


@given(ITEMS, st.data())
def test_a_wrong_category_beside_the_right_one_never_pays(item, data):
    content, key, response = item
    assume(key.spans)
    alone = key.model_copy(update={"accepted": ()})
    error = data.draw(st.sampled_from(key.spans))
    there = {other.category for other in key.spans if other.start < error.end and error.start < other.end}
    wrong = [mark(error.start, error.end, category) for category in CATEGORIES if category not in there]
    named = [*response.spans, *found([error])]

    less = score(content, alone, response_of([*named, *wrong])).points
    assert less <= score(content, alone, response_of(named)).points


@given(APART)
def test_a_wrong_category_put_right_never_costs(item):
    content, key, response = item
    right = {(error.start, error.end): error.category for error in key.spans}
    assume(all((span.start, span.end) in right for span in response.spans))
    better = response_of(mark(s.start, s.end, right[s.start, s.end]) for s in response.spans)

    assert score(content, key, better).points >= score(content, key, response).points or not key.spans


@given(ITEMS)
def test_a_mark_outside_every_halo_taken_back_never_costs(item):
    content, key, response = item
    errors = nearest_errors(content, key, response)
    halos = set().union(*(halo_of(error, content, key) for error in errors))
    kept = [span for span in response.spans if not halos.isdisjoint(range(span.start, span.end))]

    better = response.model_copy(update={"spans": tuple(kept)})
    assert not errors or score(content, key, better).points >= score(content, key, response).points


@given(ITEMS)
def test_a_further_accepted_set_never_costs(item):
    content, key, response = item
    alone = SpanHighlightKey(spans=key.spans, tolerance=key.tolerance)

    assert score(content, key, response).points >= score(content, alone, response).points


@given(ITEMS)
def test_a_key_stated_by_its_own_full_response_has_the_same_answer(item):
    content, key, _ = item
    raw = key_with(content, full_response(content, key), key.model_dump())

    assert SpanHighlightKey.model_validate(raw) == key


@given(ITEMS)
def test_what_explains_the_points_are_whole_numbers_that_fit_together(item):
    content, key, response = item
    counts = score(content, key, response).parts[0].counts
    errors = nearest_errors(content, key, response)

    assert bool(counts) == bool(key.spans)
    if counts:
        assert 0 <= counts["found"] <= counts["right"] == len(errors)
        assert counts["extra"] + counts["wrong_category"] <= len(response.spans)
        assert 0 <= counts["critical_missed"] <= counts["right"] - counts["found"]
