"""The views of the item types: how each is shown, read from a form, and explained; found by the type's name."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.domain.item_type import ItemType
from assessments.domain.item_types import ITEM_TYPES
from assessments.domain.scores import ItemScore, Part


@dataclass(frozen=True, slots=True)
class ItemView:
    """All that a page knows about one type of item.

    `Any` stands where the functions take the content, key and response of their own type. `context` takes
    a response, or the raw data of one that was refused, so that nothing typed is lost. Only `feedback`,
    which is for practice after a try, takes the key. `explain` says in sentences where the points of a released
    result came from; it sees the content and the parts of the score, never the key.
    """

    name: str
    template: str
    feedback_template: str
    read_form: Callable[[Any, MultiDict[str, str], str], dict[str, object]]
    is_answered: Callable[[Any], bool]
    context: Callable[[Any, Any], dict[str, object]]
    feedback: Callable[[Any, Any, Any, ItemScore], dict[str, object]]
    explain: Callable[[Any, tuple[Part, ...]], list[str]]


def view_of(kind: ItemType) -> ItemView:
    """Return the view of a type: its modules in `web/views` and `web/feedback`, its templates in `items`."""
    view = import_module(f"assessments.web.views.{kind.module}")
    told = import_module(f"assessments.web.feedback.{kind.module}")
    return ItemView(
        name=kind.name,
        template=f"assessments/items/{kind.module}.html",
        feedback_template=f"assessments/items/{kind.module}_feedback.html",
        read_form=view.read_form,
        is_answered=view.is_answered,
        context=view.context,
        feedback=told.feedback,
        explain=told.explain,
    )


ITEM_VIEWS: dict[str, ItemView] = {kind.name: view_of(kind) for kind in ITEM_TYPES.values()}
