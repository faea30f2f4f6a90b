"""matchInteraction: each entry of one list has its partner in the other."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from assessments.adapters.qti.identifiers import our_identifiers, qti_identifier
from assessments.adapters.qti.notes import NotReadable
from assessments.adapters.qti.page import Page
from assessments.adapters.qti.processing import MAP
from assessments.adapters.qti.question import Choice, Draft, Question, choices_of, note_scoring, right_answers
from assessments.domain.schemas.match import MatchContent, MatchKey

Pairs = list[tuple[str, str]]


def read(question: Question) -> Draft:
    """Return the draft of a match item; lists change places where only so each entry has one partner."""
    sets = question.interaction.findall("simpleMatchSet")
    if len(sets) != 2:
        raise NotReadable(f"it has {len(sets)} lists to match; expected two", question.interaction)
    entries, targets = (choices_of(each, "simpleAssociableChoice", question.notes) for each in sets)
    right, *others = right_answers(question)
    if others:
        question.notes.add("further right answers of it are not kept", question.processing.element)
    pairs = list(dict.fromkeys(_pair(value, entries, targets, question) for value in right))
    accepted = _accepted(question, pairs, entries, targets)
    if not _is_function(pairs):
        pairs, accepted = [pair[::-1] for pair in pairs], []
        entries, targets = targets, entries
        if not _is_function(pairs):
            raise NotReadable(
                "entries of both lists have several partners; expected one each", question.declaration.element
            )
        question.notes.add(
            "its two lists have changed places, so that each entry has one partner", question.interaction
        )
    if not accepted:
        note_scoring(question)
    return _draft(question, entries, targets, pairs, accepted)


def _is_function(pairs: Pairs) -> bool:
    return max(Counter(entry for entry, _ in pairs).values()) == 1


def _pair(value: str, entries: Sequence[Choice], targets: Sequence[Choice], question: Question) -> tuple[str, str]:
    """A directed pair, written as the name of an entry and that of its target."""
    names = value.split()
    known = {choice.identifier for choice in entries}, {choice.identifier for choice in targets}
    if len(names) == 2 and names[0] in known[0] and names[1] in known[1]:
        return names[0], names[1]
    raise NotReadable(
        f"{value[:80]!r} is no pair; expected the names of an entry and of a target", question.declaration.element
    )


def _accepted(question: Question, pairs: Pairs, entries: Sequence[Choice], targets: Sequence[Choice]) -> Pairs:
    """Pairs beyond the right ones that a mapping of equal weights counts as well."""
    mapping = question.declaration.mapping
    if (
        question.processing.kind != MAP
        or len({entry.worth for entry in mapping}) > 1
        or not question.declaration.correct
    ):
        return []
    mapped = dict.fromkeys(_pair(entry.answer, entries, targets, question) for entry in mapping if entry.worth > 0)
    paired = {entry for entry, _ in pairs}
    return [pair for pair in mapped if pair not in pairs and pair[0] in paired]


def _draft(
    question: Question, entries: Sequence[Choice], targets: Sequence[Choice], pairs: Pairs, accepted: Pairs
) -> Draft:
    ids = our_identifiers((choice.identifier for choice in entries), "entry")
    target_ids = our_identifiers((choice.identifier for choice in targets), "target")
    content = question.texts | {
        "entries": [{"id": ids[choice.identifier], "text": choice.text} for choice in entries],
        "targets": [{"id": target_ids[choice.identifier], "text": choice.text} for choice in targets],
    }
    key: dict[str, Any] = {"pairs": {ids[entry]: target_ids[target] for entry, target in pairs}}
    further: dict[str, list[str]] = {}
    for entry, target in accepted:
        further.setdefault(ids[entry], []).append(target_ids[target])
    return Draft("match", content, key | ({"accepted": further} if further else {}), ids)


def write(page: Page, content: MatchContent, key: MatchKey) -> None:
    """Write a match item; entries and targets that are called alike get different names."""
    entry_names = {entry.id: qti_identifier(entry.id) for entry in content.entries}
    target_names = {target.id: _target_name(target.id, entry_names) for target in content.targets}
    pairs = [
        f"{entry_names[entry.id]} {target_names[key.pairs[entry.id]]}"
        for entry in content.entries
        if entry.id in key.pairs
    ]
    accepted = [
        f"{entry_names[entry.id]} {target_names[target]}"
        for entry in content.entries
        for target in sorted(key.accepted.get(entry.id, frozenset()))
    ]
    page.declare("multiple", "directedPair", pairs)
    if accepted:
        page.score_by_mapping(dict.fromkeys((*pairs, *accepted), "1"))
    else:
        page.score_by_match("multiple", [])
    page.write_passage(content.passage)
    interaction = page.interact("matchInteraction", maxAssociations=str(len(content.entries)), shuffle="false")
    page.write_prompt(interaction, content.prompt)
    first, second = page.add(interaction, "simpleMatchSet"), page.add(interaction, "simpleMatchSet")
    for entry in content.entries:
        page.write_choice(first, "simpleAssociableChoice", entry.text, identifier=entry_names[entry.id], matchMax="1")
    for target in content.targets:
        page.write_choice(
            second, "simpleAssociableChoice", target.text, identifier=target_names[target.id], matchMax="0"
        )


def _target_name(target: str, entry_names: dict[str, str]) -> str:
    name = qti_identifier(target)
    return f"T.{name}" if name in entry_names.values() else name
