"""Forms of any pydantic model: raw values to fields, a posted form to raw values, and rows changed by buttons."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from assessments.web.schema_forms_controls import Group, group_of
from assessments.web.schema_forms_editing import blank, change
from assessments.web.schema_forms_faults import Faults
from assessments.web.schema_forms_reading import read
from assessments.web.schema_forms_shown import Field, Frame, show


@dataclass(frozen=True, slots=True)
class SchemaForm:
    """The form of a model under a prefix; fields that are `left_out` are neither shown nor read."""

    model: type[BaseModel]
    prefix: str
    left_out: frozenset[str] = field(default_factory=frozenset)

    @property
    def control(self) -> Group:
        parts = group_of(self.model).parts
        return Group(tuple(part for part in parts if part.name not in self.left_out))

    def begin(self) -> dict[str, Any]:
        """The raw values of a new form."""
        begun: dict[str, Any] = blank(self.control)
        return begun

    def show(
        self, raw: Mapping[str, Any], faults: Faults | None = None, titles: Mapping[str, str] | None = None
    ) -> Field:
        """The fields for raw values with what is wrong with them; `titles` say what ids in it stand for."""
        shown = {name: value for name, value in raw.items() if name not in self.left_out}
        frame = Frame(self.prefix, "", faults=faults or Faults(), titles=titles or {})
        return show(self.control, shown, frame)

    def read(self, form: MultiDict[str, str]) -> dict[str, Any]:
        """The raw values that a posted form states."""
        raw: dict[str, Any] = read(self.control, form, self.prefix)
        return raw

    def is_asked(self, wish: str) -> bool:
        """Whether a button's wish is about this form."""
        return wish.partition(":")[2].partition(".")[0] == self.prefix

    def change(self, raw: Mapping[str, Any], wish: str) -> tuple[dict[str, Any], str]:
        """The raw values changed as a button asks, and the name of the field to look at then."""
        verb, _, name = wish.partition(":")
        changed, place = change(self.control, dict(raw), f"{verb}:{name.removeprefix(self.prefix).removeprefix('.')}")
        return changed, f"{self.prefix}.{place}"


def names_left_out(model: type[BaseModel], kept: Collection[str]) -> frozenset[str]:
    """All fields of a model but those that are kept."""
    return frozenset(model.model_fields) - frozenset(kept)
