"""A posted form as raw values: what its fields state, finished or not, for the schema to judge."""

from typing import Any

from werkzeug.datastructures import MultiDict

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
from assessments.web.schema_forms_shown import AS_JSON, IS_MAPPING, KEY, OTHERS, ROWS
from assessments.web.schema_forms_texts import is_blank, parse, parse_json

MOST_ROWS = 200

Form = MultiDict[str, str]


def read(control: Control, form: Form, name: str) -> Any:
    """Return the raw value of a control; MISSING where nothing is stated and nothing would not be a value."""
    if name + AS_JSON in form:
        text = form[name + AS_JSON].replace("\r\n", "\n")
        return parse_json(text) if text.strip() else MISSING
    match control:
        case Maybe():
            inner = read(control.inner, form, name)
            return None if _is_left_out(control.inner, inner) else inner
        case Group():
            return _read_group(control, form, name)
        case Rows():
            return [_stated(read(control.item, form, f"{name}.{n}")) for n in range(_count(form, name))]
        case Named():
            return _read_named(control, form, name)
        case Slots():
            typed = {key: read(control.value, form, f"{name}.{key}") for key in control.keys}
            return {key: value for key, value in typed.items() if not is_blank(value)}
        case Either():
            return read(control.mapping if form.get(name + IS_MAPPING) else control.single, form, name)
        case Scalar(kind="check"):
            return bool(form.get(name))
        case Scalar() | Several() | Table():
            return _read_leaf(control, form.get(name, "").replace("\r\n", "\n"))
        case Json():
            return MISSING


def _is_left_out(control: Control, value: Any) -> bool:
    """Rows that were just added count, although they are empty yet."""
    return not value if isinstance(control, (Named, Rows)) else is_blank(value) and value is not False


def _read_leaf(control: Scalar | Several | Table, text: str) -> Any:
    is_text = isinstance(control, Scalar) and control.kind in ("line", "text", "word")
    if not is_text and isinstance(control, Scalar) and not text.strip():
        return MISSING
    return parse(control, text)


def _read_group(control: Group, form: Form, name: str) -> dict[str, Any]:
    typed = {part.name: read(part.control, form, f"{name}.{part.name}") for part in control.parts}
    stated = {field: value for field, value in typed.items() if value is not MISSING}
    others = parse_json(form.get(name + OTHERS, "") or "{}")
    return {**others, **stated} if isinstance(others, dict) else stated


def _read_named(control: Named, form: Form, name: str) -> dict[str, Any] | list[list[Any]]:
    pairs = [
        [form.get(f"{name}.{n}{KEY}", "").strip(), _stated(read(control.value, form, f"{name}.{n}"))]
        for n in range(_count(form, name))
    ]
    keys = [key for key, _value in pairs]
    return dict(pairs) if len(keys) == len(set(keys)) else pairs


def _stated(value: Any) -> Any:
    """An entry keeps its place even while it is empty."""
    return "" if value is MISSING else value


def _count(form: Form, name: str) -> int:
    return min(MOST_ROWS, max(0, form.get(name + ROWS, default=0, type=int)))
