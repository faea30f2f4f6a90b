"""textEntryInteraction: a number where the response is one, else a short text."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from assessments.adapters.qti.declarations import Declaration, MapEntry
from assessments.adapters.qti.markup import write_blocks
from assessments.adapters.qti.notes import NotReadable
from assessments.adapters.qti.numbers import number_of, written
from assessments.adapters.qti.page import RESPONSE, Page
from assessments.adapters.qti.processing import CUSTOM, Comparison
from assessments.adapters.qti.question import Draft, Question, note_scoring, right_answers
from assessments.domain.schemas.numeric import NumericContent, NumericKey
from assessments.domain.schemas.short_text import ShortTextContent, ShortTextKey

_NUMBERS = {"float", "integer"}


def read(question: Question) -> Draft:
    """Return the draft of a numeric or short-text item, by the base type of the response."""
    if question.declaration.cardinality != "single":
        raise NotReadable(
            f"its response has the cardinality {question.declaration.cardinality}; expected single",
            question.declaration.element,
        )
    if mask := question.interaction.get("patternMask"):
        question.notes.add(f"the pattern {mask[:80]} of its answers is not kept", question.interaction)
    if question.declaration.base_type in _NUMBERS:
        return _numeric(question)
    if question.declaration.base_type == "string":
        return _short_text(question)
    raise NotReadable(
        f"its response has the base type {question.declaration.base_type or '(none)'}; expected a number or string",
        question.declaration.element,
    )


def _numeric(question: Question) -> Draft:
    right, *others = (_value(question.declaration, answer) for answer in right_answers(question))
    key: dict[str, Any] = {"value": written(right)}
    comparisons = question.processing.comparisons if question.processing.kind == CUSTOM else ()
    tolerances = {_tolerance(question, comparison, right) for comparison in comparisons}
    if len(tolerances) > 1:
        raise NotReadable("its answers have different tolerances; expected one for all", question.processing.element)
    for name, size in tolerances:
        key |= {name: written(size)} if size else {}
    note_scoring(question)
    return Draft("numeric", question.texts, key | ({"accepted": [written(one) for one in others]} if others else {}))


def _value(declaration: Declaration, answer: Sequence[str]) -> Decimal:
    if len(answer) != 1:
        raise NotReadable(f"its right answer has {len(answer)} values; expected one", declaration.element)
    return number_of(answer[0], declaration.element)


def _tolerance(question: Question, comparison: Comparison, value: Decimal) -> tuple[str, Decimal]:
    """What a comparison allows, as a field of the key and its size; percents of a relative one become a share."""
    rule = comparison.rule
    if comparison.name == "equalRounded" and rule.get("roundingMode", "") == "decimalPlaces":
        figures = rule.get("figures", "").strip()
        if figures not in {str(number) for number in range(15)}:
            raise NotReadable(
                f"its answer is rounded to {figures[:40] or 'no'} places; expected a whole number to 14", rule
            )
        question.notes.add("an answer that rounds to the right one is right, and so is one just half a unit off", rule)
        return "absolute", Decimal(5).scaleb(-int(figures) - 1)
    if comparison.name == "equalRounded":
        raise NotReadable("its answer is compared by significant figures; expected decimal places or a tolerance", rule)
    mode = rule.get("toleranceMode", "exact")
    if comparison.name != "equal" or mode == "exact":
        return "absolute", Decimal(0)
    below, above = _sizes(rule.get("tolerance", ""), rule)
    if below != above:
        raise NotReadable(f"its tolerance is {below} below and {above} above; expected the same both ways", rule)
    if "false" in {rule.get("includeLowerBound"), rule.get("includeUpperBound")}:
        question.notes.add("answers at the very bounds of the tolerance count as right", rule)
    return ("relative", below.scaleb(-2)) if mode == "relative" else ("absolute", below)


def _sizes(tolerance: str, rule: Any) -> tuple[Decimal, Decimal]:
    sizes = [number_of(size, rule) for size in tolerance.split()]
    if len(sizes) not in {1, 2} or min(sizes) < 0:
        raise NotReadable(f"its tolerance is {tolerance[:40]!r}; expected one or two numbers", rule)
    return sizes[0], sizes[-1]


def _short_text(question: Question) -> Draft:
    declaration = question.declaration
    mapping = [entry for entry in declaration.mapping if entry.worth > 0]
    if len(mapping) < len(declaration.mapping):
        question.notes.add("answers that its mapping gives no points are not kept", declaration.element)
    if mapping:
        most = max(entry.worth for entry in mapping)
        answers = [{"text": entry.answer, "points": float(entry.worth / most)} for entry in mapping]
    else:
        answers = [{"text": " ".join(answer), "points": 1.0} for answer in right_answers(question)]
    key = {"answers": answers, "is_case_sensitive": _is_case_sensitive(question, mapping)}
    if question.processing.kind == CUSTOM:
        note_scoring(question)
    return Draft("short-text", question.texts, key)


def _is_case_sensitive(question: Question, mapping: Sequence[MapEntry]) -> bool:
    if not mapping:
        rules = [comparison.rule for comparison in question.processing.comparisons if comparison.name == "stringMatch"]
        return all(rule.get("caseSensitive") != "false" for rule in rules)
    said = {entry.is_case_sensitive for entry in mapping}
    folded = {entry.answer.casefold() for entry in mapping}
    if len(said) > 1:
        question.notes.add("letter case counts for all of its answers, not for some", question.declaration.element)
    return True in said or len(folded) < len(mapping)


def write_numeric(page: Page, content: NumericContent, key: NumericKey) -> None:
    """Write a numeric item; its unit, if it has one, stands behind the blank."""
    page.declare("single", "float", [written(key.value)])
    values = [None, *key.accepted]
    parent = page.score_if("or") if len(values) > 1 else None
    for value in values:
        _write_equal(page, parent, key, value)
    page.write_passage(content.passage)
    unit = next((unit.title for unit in content.units if unit.id == key.unit), None)
    _write_entry(page, content.prompt, unit)


def _write_equal(page: Page, parent: Any, key: NumericKey, value: Decimal | None) -> None:
    rule = page.score_if("equal") if parent is None else page.add(parent, "equal")
    size = key.relative.scaleb(2) if key.relative else key.absolute
    rule.set("toleranceMode", "relative" if key.relative else "absolute" if key.absolute else "exact")
    if size:
        rule.set("tolerance", f"{written(size)} {written(size)}")
    page.add(rule, "variable", identifier=RESPONSE)
    if value is None:
        page.add(rule, "correct", identifier=RESPONSE)
    else:
        page.add(rule, "baseValue", written(value), baseType="float")


def write_short_text(page: Page, content: ShortTextContent, key: ShortTextKey) -> None:
    """Write a short-text item; the answers that are worth most come first, as its key has them."""
    page.declare("single", "string", [max(key.answers, key=lambda answer: answer.points).text])
    worth = {answer.text: repr(answer.points) for answer in key.answers}
    page.score_by_mapping(worth, caseSensitive="true" if key.is_case_sensitive else "false")
    page.write_passage(content.passage)
    _write_entry(page, content.prompt, None)


def _write_entry(page: Page, prompt: str, unit: str | None) -> None:
    write_blocks(page.body, prompt)
    entry = page.add(page.add(page.body, "p"), "textEntryInteraction", responseIdentifier=RESPONSE)
    entry.tail = f" {unit}" if unit else None
