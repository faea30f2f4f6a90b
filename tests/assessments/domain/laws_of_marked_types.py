"""Laws that one item of a type keeps of which markers judge a part: they and the program share the whole."""

from fractions import Fraction

from assessments.domain.item_type import ItemType
from assessments.domain.item_types import parse_response
from assessments.domain.scores import with_marks
from tests.assessments.item_strategies import Triple


def check_laws_of_marked(kind: ItemType, item: Triple) -> None:
    """Assert what such a type promises of its scores, of marks, and of texts that wait for nobody."""
    content, key, response = item
    kind.check_key(content, key)
    kind.check_response(content, response)
    _check_shares(kind, item)
    full = kind.full_response(content, key)
    kind.check_response(content, full)
    assert kind.score(content, key, full).automatic in {None, 1}
    assert _with_marks(kind, (content, key, full), Fraction(1)) == 1
    empty = kind.score(content, key, kind.response())
    assert (empty.points, empty.is_complete) == (0, True)
    for answer in kind.simple_strategies(content).values():
        kind.check_response(content, answer)
    assert kind.key_with(content, full, key.model_dump(mode="json")) == key.model_dump(mode="json")
    for shape, value in zip((kind.content, kind.key, kind.response), item, strict=True):
        assert shape.model_validate_json(value.model_dump_json()) == value
    assert parse_response(kind.name, content, response.model_dump(mode="json")) == response


def _check_shares(kind: ItemType, item: Triple) -> None:
    score = kind.score(*item)
    shares = [*(part.weight for part in score.parts), *score.waiting.values()]
    assert sum(shares) == 1
    assert all(isinstance(share, Fraction) and 0 < share <= 1 for share in shares)
    assert all(isinstance(part.points, Fraction) and 0 <= part.points <= 1 for part in score.parts)
    assert sum(part.points * part.weight for part in score.parts) == score.points
    marked = [_with_marks(kind, item, Fraction(mark, 4)) for mark in range(5)]
    assert marked == sorted(marked)
    assert 0 <= marked[0] <= marked[-1] <= 1


def _with_marks(kind: ItemType, item: Triple, mark: Fraction) -> Fraction:
    score = kind.score(*item)
    complete = with_marks(score, dict.fromkeys(score.waiting, mark))
    assert complete.is_complete
    return complete.points
