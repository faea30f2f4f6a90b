"""Pages of lists: by keyset, with a cursor that only we can write and that fits only the list that handed it out."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from pydantic import BeforeValidator, Field

from lms.api.callers import caller
from lms.api.problems import BrokenCursor
from lms.api.shapes import Shape

Item = TypeVar("Item")
Row = TypeVar("Row")
MOST, USUAL = 200, 50


def _whole_number(value: Any) -> Any:
    """Digits and nothing else: `+5`, `5.0` and `1_0` are no numbers of an address."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError("Input should be a whole number")
    return value


WholeNumber = Annotated[int, BeforeValidator(_whole_number)]


class PageQuery(Shape):
    """The parameters of every list; those of one list add to these."""

    after: str | None = Field(default=None, max_length=1000, description="`next` of the page before.")
    limit: WholeNumber = Field(default=USUAL, ge=1, le=MOST, description="How many items at most.")


class Page(Shape, Generic[Item]):
    """One page of a list; `next` is the cursor for `after` of the next page, and null on the last."""

    items: list[Item]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


def read_cursor(after: str | None, *kinds: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The values at which the page before ended, each read by its kind; None at the beginning.

    Raises BrokenCursor for one that this list did not hand out to this organisation.
    """
    if after is None:
        return None
    try:
        values = _serializer().loads(after)
        if len(values) != len(kinds):
            raise BrokenCursor
        return tuple(kind(value) for kind, value in zip(kinds, values, strict=True))
    except (BadData, ValueError, TypeError) as fault:
        raise BrokenCursor from fault


def page_of(
    rows: Sequence[Row], *, limit: int, shape: Callable[[Row], Item], place: Callable[[Row], Sequence[object]]
) -> dict[str, Any]:
    """The members of a Page, out of `limit` + 1 rows: the last one only says that there are more.

    `place` gives the values that the list is ordered by, in texts that `read_cursor` is to read.
    """
    shown = rows[:limit]
    has_more = len(rows) > limit
    after = _serializer().dumps([str(value) for value in place(shown[-1])]) if has_more else None
    return {"items": [shape(row) for row in shown], "next": after}


def _serializer() -> URLSafeSerializer:
    salt = f"api-cursor {request.endpoint} {caller().organisation_id}"
    return URLSafeSerializer(current_app.secret_key or "", salt=salt)
