"""Raw values as the fields of a form. Nothing is lost: what a control could not give back is shown as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assessments.web.schema_forms_controls import (
    MISSING,
    Control,
    Either,
    Group,
    Json,
    Maybe,
    Named,
    Rows,
    Scalar,
    Several,
    Slots,
    Table,
)
from assessments.web.schema_forms_faults import Faults
from assessments.web.schema_forms_labels import TITLES, entry_title_of, hint_of, option_title_of, title_of
from assessments.web.schema_forms_texts import json_of, text_of

OTHERS = "~others"  # fields of a group that its model does not have
ROWS = "~rows"  # how many rows a list or mapping has
KEY = "~key"  # the key of an entry of a mapping
AS_JSON = "~json"  # a value written as JSON
IS_MAPPING = "~mapping"  # a value that may be single is a mapping


@dataclass(frozen=True, slots=True)
class Field:
    """One field as the template shows it: `kind` names the control, `name` is what the form sends.

    `fields` are those inside it, `key` is the key of an entry; `title` is what the entry is about, where known.
    """

    kind: str
    name: str
    label: str
    hint: str = ""
    text: str = ""
    is_on: bool = False
    options: tuple[tuple[str, str], ...] = ()
    fields: tuple["Field", ...] = ()
    key: "Field | None" = None
    faults: tuple[str, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a value: its name and label, its faults, and what the ids in it are called."""

    name: str
    label: str
    hint: str = ""
    faults: Faults = field(default_factory=Faults)
    called: str = ""  # the name of the field, by which its entries get their titles
    titles: Mapping[str, str] = field(default_factory=dict)
    is_again: bool = False  # a row before it has the same fields: their hints would be repeated

    def inside(
        self,
        step: str | int,
        *,
        label: str,
        at: str | None = None,
        hint: str = "",
        called: str = "",
        again: bool = False,
    ) -> "Frame":
        """The frame of a field or entry: `step` is the way of its faults, `at` its name where that differs."""
        is_again = self.is_again or again
        name = f"{self.name}.{step if at is None else at}"
        faults = self.faults.under(step)
        return Frame(name, label, "" if is_again else hint, faults, called, self.titles, is_again)


def show(control: Control, raw: Any, frame: Frame) -> Field:
    """Return the field for a raw value, finished or not; MISSING shows an empty one."""
    match control:
        case Maybe():
            return replace(show(control.inner, raw, frame), is_optional=True)
        case Group():
            shown = _show_group(control, {} if _is_nothing(raw) else raw, frame)
        case Rows():
            shown = _show_rows(control, [] if _is_nothing(raw) else raw, frame)
        case Named():
            shown = _show_named(control, {} if _is_nothing(raw) else raw, frame)
        case Slots():
            shown = _show_slots(control, {} if _is_nothing(raw) else raw, frame)
        case Either():
            shown = _show_either(control, raw, frame)
        case Scalar() | Several() | Table():
            shown = _show_leaf(control, raw, frame)
        case Json():
            shown = None
    return shown or _show_json(raw, frame)


def pairs_of(raw: Any) -> list[tuple[str, Any]] | None:
    """The entries of a mapping; while keys stand twice it is a list of pairs instead. None for anything else."""
    if isinstance(raw, dict):
        return [(str(key), value) for key, value in raw.items()]
    if isinstance(raw, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in raw):
        return [(str(key), value) for key, value in raw]
    return None


def _is_nothing(raw: Any) -> bool:
    return raw is None or raw is MISSING


def _show_leaf(control: Scalar | Several | Table, raw: Any, frame: Frame) -> Field | None:
    if isinstance(control, Scalar) and control.kind == "check":
        return _leaf("check", frame, is_on=raw is True) if isinstance(raw, bool) or _is_nothing(raw) else None
    text = text_of(control, raw)
    if text is None:
        return None
    if isinstance(control, Scalar) and control.kind == "select":
        return _leaf("select", frame, text, _options(control, text))
    kind = "table" if isinstance(control, Table) else control.kind
    return _leaf("text" if kind == "line" and "\n" in text else kind, frame, text)


def _leaf(
    kind: str, frame: Frame, text: str = "", options: tuple[tuple[str, str], ...] = (), is_on: bool = False
) -> Field:
    return Field(kind, frame.name, frame.label, frame.hint, text, is_on, options, faults=frame.faults.first())


def _options(control: Scalar, chosen: str) -> tuple[tuple[str, str], ...]:
    """What is on offer; what was stated and is not, stays to be seen."""
    values = control.values if not chosen or chosen in control.values else (*control.values, chosen)
    return tuple((value, option_title_of(value)) for value in values)


def _show_group(control: Group, raw: Any, frame: Frame) -> Field | None:
    if not isinstance(raw, dict):
        return None
    fields = [
        show(
            part.control,
            raw.get(part.name, part.default),
            frame.inside(part.name, label=title_of(called), hint=hint_of(part.name), called=called),
        )
        for part in control.parts
        for called in [_called(frame.name, part.name)]
    ]
    names = {part.name for part in control.parts}
    if others := {name: value for name, value in raw.items() if name not in names}:
        fields.append(Field("json", frame.name + OTHERS, title_of("others"), text=json_of(others)))
    return _container("group", frame, fields, frame.faults.beside(names))


def _called(place: str, name: str) -> str:
    """What a field is called: by its name, or by its name in this place where that has a title of its own."""
    return f"{place}.{name}" if f"{place}.{name}" in TITLES else name


def _show_rows(control: Rows, raw: Any, frame: Frame) -> Field | None:
    if not isinstance(raw, list):
        return None
    title = entry_title_of(frame.called)
    fields = [
        show(control.item, value, frame.inside(n, label=f"{title} {n + 1}", called=frame.called, again=n > 0))
        for n, value in enumerate(raw)
    ]
    return _container("rows", frame, fields, frame.faults.beside(range(len(raw))))


def _show_named(control: Named, raw: Any, frame: Frame) -> Field | None:
    pairs = pairs_of(raw)
    if pairs is None:
        return None
    fields = [_show_entry(control, n, key, value, frame) for n, (key, value) in enumerate(pairs)]
    return _container("named", frame, fields, frame.faults.beside([key for key, _value in pairs]))


def _show_entry(control: Named, number: int, key: str, value: Any, frame: Frame) -> Field:
    is_vote = isinstance(control.value, Scalar) and control.value.kind == "number"
    label = title_of("votes_of_one") if is_vote else f"{entry_title_of(frame.called)} {number + 1}"
    inner = frame.inside(key, at=str(number), label=label, called=frame.called, again=number > 0)
    inner = replace(inner, hint=frame.titles.get(key, ""))
    of_key, of_value = inner.faults.under("[key]"), inner.faults.without("[key]")
    key_field = Field(control.key.kind, inner.name + KEY, title_of("which"), text=key, faults=of_key.first())
    return replace(show(control.value, value, replace(inner, faults=of_value)), key=key_field)


def _show_slots(control: Slots, raw: Any, frame: Frame) -> Field | None:
    if not isinstance(raw, dict) or raw.keys() - set(control.keys):
        return None
    fields = [
        show(control.value, raw.get(key, MISSING), frame.inside(key, label=option_title_of(key)))
        for key in control.keys
    ]
    if any(field.kind == "json" for field in fields):
        return None
    return _container("slots", frame, fields, frame.faults.beside(control.keys))


def _show_either(control: Either, raw: Any, frame: Frame) -> Field:
    is_mapping = isinstance(raw, (dict, list))
    inner = replace(frame, faults=frame.faults.of_alternative(is_mapping))
    shown = show(control.mapping if is_mapping else control.single, raw, inner)
    return Field("either", frame.name, frame.label, frame.hint, is_on=is_mapping, fields=(shown,))


def _show_json(raw: Any, frame: Frame) -> Field:
    return _leaf("json", replace(frame, name=frame.name + AS_JSON), "" if raw is MISSING else json_of(raw))


def _container(kind: str, frame: Frame, fields: list[Field], faults: tuple[str, ...]) -> Field:
    return Field(kind, frame.name, frame.label, frame.hint, fields=tuple(fields), faults=faults)


def walk(shown: Field) -> Iterator[Field]:
    """The field and all inside it."""
    yield shown
    for inner in (*shown.fields, *((shown.key,) if shown.key else ())):
        yield from walk(inner)
