"""What is wrong with the values of a form, in plain words and at the field that it is about."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from pydantic import BaseModel, ValidationError

from assessments.web.schema_forms_labels import title_of

Step = str | int


@dataclass(frozen=True, slots=True)
class Faults:
    """Sentences, each with the way to the value that it is about: names of fields, numbers from 0, keys."""

    entries: tuple[tuple[tuple[Step, ...], str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries)

    def under(self, step: Step) -> "Faults":
        """The faults of one field or entry, as it sees them."""
        return Faults(tuple((way[1:], said) for way, said in self.entries if way and str(way[0]) == str(step)))

    def without(self, step: Step) -> "Faults":
        """All but the faults of one field."""
        return Faults(tuple(entry for entry in self.entries if not entry[0] or str(entry[0][0]) != str(step)))

    def beside(self, known: Collection[Step]) -> tuple[str, ...]:
        """The faults of the value itself, and of fields that are not among those known; these are named."""
        names = {str(step) for step in known}
        said = [_about(way, text) for way, text in self.entries if not way or str(way[0]) not in names]
        return tuple(dict.fromkeys(said))

    def first(self) -> tuple[str, ...]:
        """The first sentence about the value or anything in it: a single control needs no more."""
        return tuple(said for _way, said in self.entries[:1])

    def of_alternative(self, is_mapping: bool) -> "Faults":
        """Of a value that may be single or a mapping: the faults of the one that it is. Pydantic names it first."""
        kept = [
            (way[1:], said) for way, said in self.entries if not way or str(way[0]).startswith("dict[") == is_mapping
        ]
        return Faults(tuple(kept))


def faults_of(model: type[BaseModel], raw: Any) -> Faults:
    """The faults of raw values; none when the model takes them."""
    try:
        model.model_validate(raw)
    except ValidationError as error:
        found = error.errors(include_url=False)
        return Faults(
            tuple(
                (tuple(fault["loc"]), _sentence(fault["type"], fault.get("ctx", {}), fault["msg"])) for fault in found
            )
        )
    return Faults()


def joined(faults: Iterable[Faults]) -> Faults:
    """All of them."""
    return Faults(tuple(entry for one in faults for entry in one.entries))


def _about(way: tuple[Step, ...], text: str) -> str:
    names = [title_of(str(step)) if isinstance(step, str) else str(step + 1) for step in way if step != "[key]"]
    return f"{', '.join(names)}: {text}" if names else text


def _sentence(kind: str, facts: Mapping[str, Any], message: str) -> str:
    if kind == "value_error":
        return _capital(str(facts["error"]))
    say = _SENTENCES.get(kind)
    return say(facts) if say else _capital(message)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _facts: _("This is needed."),
    "string_too_short": lambda _facts: _("Write something here."),
    "string_too_long": lambda facts: _("Write at most %(count)s characters.", count=facts["max_length"]),
    "string_type": lambda _facts: _("Write a text here."),
    "string_pattern_mismatch": lambda _facts: _("Use lower case letters and digits, joined by hyphens: wrong-number."),
    "int_parsing": lambda _facts: _("Write a whole number."),
    "int_type": lambda _facts: _("Write a whole number."),
    "int_from_float": lambda _facts: _("Write a whole number."),
    "float_parsing": lambda _facts: _("Write a number."),
    "float_type": lambda _facts: _("Write a number."),
    "decimal_parsing": lambda _facts: _("Write a number."),
    "decimal_type": lambda _facts: _("Write a number."),
    "decimal_max_digits": lambda facts: _("Write at most %(count)s digits.", count=facts["max_digits"]),
    "decimal_max_places": lambda facts: _("Write at most %(count)s decimal places.", count=facts["decimal_places"]),
    "greater_than_equal": lambda facts: _("It must be %(least)s or more.", least=facts["ge"]),
    "greater_than": lambda facts: _("It must be more than %(least)s.", least=facts["gt"]),
    "less_than_equal": lambda facts: _("It must be %(most)s or less.", most=facts["le"]),
    "less_than": lambda facts: _("It must be less than %(most)s.", most=facts["lt"]),
    "enum": lambda _facts: _("Choose one."),
    "literal_error": lambda _facts: _("Choose one."),
    "too_short": lambda facts: _("At least %(count)s must be given.", count=facts["min_length"]),
    "too_long": lambda facts: _("At most %(count)s may be given.", count=facts["max_length"]),
    "extra_forbidden": lambda _facts: _("There is no such field; remove it."),
    "dict_type": lambda _facts: _("Each name may stand once only."),
    "tuple_type": lambda _facts: _("This should be a list."),
    "list_type": lambda _facts: _("This should be a list."),
    "frozen_set_type": lambda _facts: _("This should be a list."),
    "model_type": lambda _facts: _("This should be an object with fields."),
}
