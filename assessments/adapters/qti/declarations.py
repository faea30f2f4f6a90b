"""Response declarations: what kind of answer is expected, which is right, and what single answers are worth."""

from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from assessments.adapters.qti.notes import NotReadable
from assessments.adapters.qti.numbers import number_of
from assessments.adapters.qti.plain_text import all_text


@dataclass(frozen=True, slots=True)
class MapEntry:
    """What one answer, or one part of an answer, is worth."""

    answer: str
    worth: Decimal
    is_case_sensitive: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """The declaration of the one response of an item; `correct` are the parts of its right answer, if it has one."""

    element: etree._Element
    identifier: str
    cardinality: str
    base_type: str
    correct: tuple[str, ...]
    mapping: tuple[MapEntry, ...]

    @property
    def best(self) -> tuple[str, ...]:
        """The answers of the mapping that are worth most, if any is worth something."""
        most = max((entry.worth for entry in self.mapping), default=Decimal(0))
        return tuple(entry.answer for entry in self.mapping if most > 0 and entry.worth == most)


def declaration_of(item: etree._Element, interaction: etree._Element) -> Declaration:
    """Return the declaration of the response that an interaction fills; raise NotReadable when it has none."""
    identifier = interaction.get("responseIdentifier", "")
    for element in item.iterchildren("responseDeclaration"):
        if element.get("identifier") == identifier:
            values = element.findall("correctResponse/value")
            return Declaration(
                element=element,
                identifier=identifier,
                cardinality=element.get("cardinality", "single"),
                base_type=element.get("baseType", ""),
                correct=tuple(text for value in values if (text := all_text(value).strip())),
                mapping=tuple(_entry(entry) for entry in element.findall("mapping/mapEntry")),
            )
    raise NotReadable(
        f"there is no response declaration {identifier or '(without a name)'} for the interaction", interaction
    )


def _entry(entry: etree._Element) -> MapEntry:
    return MapEntry(
        answer=entry.get("mapKey", "").strip(),
        worth=number_of(entry.get("mappedValue", ""), entry),
        is_case_sensitive=entry.get("caseSensitive", "false").strip() in {"true", "1"},
    )
