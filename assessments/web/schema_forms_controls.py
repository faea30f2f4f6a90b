"""The controls that a form needs for a pydantic model, derived from its annotations."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

LONGEST_LINE = 500  # characters; a text that may be longer gets several lines
_NUMBERS = {int: "whole", float: "number", Decimal: "decimal", bool: "check"}

Kind = Literal["line", "text", "word", "whole", "number", "decimal", "check", "select"]


class Missing:
    """Stands for a value that is not there; unlike None, which is one."""


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value in one control; a select offers `values`."""

    kind: Kind
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Several:
    """A list or set of short values in one control: one line each, or in one line with commas."""

    item: Scalar

    @property
    def kind(self) -> str:
        return "lines" if self.item.kind == "line" else "words"


@dataclass(frozen=True, slots=True)
class Table:
    """A list of lists of short values: a line each, its cells with tabs or commas between them."""

    item: Scalar


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a model; what holds where it is not stated stands in `default`, as JSON has it."""

    name: str
    control: "Control"
    default: Any


@dataclass(frozen=True, slots=True)
class Group:
    """A model: its fields in their order."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list whose entries are too large for one control; a new one begins with the `least` that it must have."""

    item: "Control"
    least: int


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose keys are typed, entry by entry."""

    key: Scalar
    value: "Control"


@dataclass(frozen=True, slots=True)
class Slots:
    """A mapping whose keys are known: a control for each, which may be left empty."""

    keys: tuple[str, ...]
    value: Scalar


@dataclass(frozen=True, slots=True)
class Either:
    """A single value, or a mapping in its stead."""

    single: Scalar
    mapping: "Named | Slots"


@dataclass(frozen=True, slots=True)
class Maybe:
    """What may be left out."""

    inner: "Control"


@dataclass(frozen=True, slots=True)
class Json:
    """What no control fits: written as JSON."""


Control: TypeAlias = Scalar | Several | Table | Group | Rows | Named | Slots | Either | Maybe | Json


@cache
def group_of(model: type[BaseModel]) -> Group:
    """Return the controls of a model."""
    return Group(tuple(_part(name, field) for name, field in model.model_fields.items()))


def control_of(annotation: Any, constraints: tuple[Any, ...] = ()) -> Control:
    """Return the control of an annotation; `constraints` are what stood around it in `Annotated`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return control_of(arguments[0], (*_flat(arguments[1:]), *constraints))
    if origin in (Union, UnionType):
        return _of_union(arguments)
    if origin in (tuple, frozenset, set, list):
        return _of_list(arguments[0], constraints)
    if origin is dict:
        return _of_mapping(control_of(arguments[0]), control_of(arguments[1]))
    if origin is Literal:
        return Scalar("select", tuple(str(value) for value in arguments))
    return _of_class(annotation, constraints)


def _part(name: str, field: FieldInfo) -> Part:
    control = control_of(field.annotation, tuple(field.metadata))
    default = field.get_default(call_default_factory=True, validated_data={})
    if default is PydanticUndefined:
        return Part(name, control, MISSING)
    return Part(name, control, TypeAdapter(Any).dump_python(default, mode="json"))


def _of_class(annotation: Any, constraints: tuple[Any, ...]) -> Control:
    if not isinstance(annotation, type):
        return Json()
    if issubclass(annotation, BaseModel):
        return group_of(annotation)
    if issubclass(annotation, Enum):
        return Scalar("select", tuple(str(member.value) for member in annotation))
    if annotation is str:
        return Scalar(_kind_of_text(constraints))
    return Scalar(_NUMBERS[annotation]) if annotation in _NUMBERS else Json()  # type: ignore[arg-type]  # kinds above


def _kind_of_text(constraints: tuple[Any, ...]) -> Kind:
    if any(getattr(constraint, "pattern", None) for constraint in constraints):
        return "word"
    longest = [limit for limit in (getattr(one, "max_length", None) for one in constraints) if limit is not None]
    return "line" if min(longest, default=LONGEST_LINE) <= LONGEST_LINE else "text"


def _of_union(arguments: tuple[Any, ...]) -> Control:
    given = [control_of(argument) for argument in arguments if argument is not NoneType]
    control = _of_alternatives(given)
    return Maybe(control) if NoneType in arguments and not isinstance(control, Json) else control


def _of_alternatives(given: list[Control]) -> Control:
    if len(given) == 1:
        return given[0]
    if all(isinstance(one, Scalar) and one.kind in ("whole", "number") for one in given):
        return Scalar("number")
    match given:
        case [Scalar() as single, (Named() | Slots()) as mapping]:
            return Either(single, mapping)
    return Json()


def _of_list(entry: Any, constraints: tuple[Any, ...]) -> Control:
    item = control_of(entry)
    least = max((getattr(one, "min_length", None) or 0 for one in constraints), default=0)
    match item:
        case Scalar(kind="text") | Group() | Rows() | Named():
            return Rows(item, least)
        case Scalar(kind="check") | Maybe() | Either() | Slots() | Table() | Json():
            return Json()
        case Scalar():
            return Several(item)
        case Several():
            return Table(item.item)


def _of_mapping(key: Control, value: Control) -> Control:
    if not isinstance(key, Scalar) or isinstance(value, (Maybe, Json)):
        return Json()
    if key.kind == "select" and isinstance(value, Scalar) and value.kind != "check":
        return Slots(key.values, value)
    return Named(key, value)


def _flat(metadata: Iterable[Any]) -> list[Any]:
    """Constraints as pydantic keeps them: those of a `Field(…)` stand inside it."""
    return [one for given in metadata for one in (given.metadata if isinstance(given, FieldInfo) else [given])]
