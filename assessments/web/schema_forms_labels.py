"""Titles and hints of fields by their names; a name without a title is said in words."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

TITLES: Mapping[str, LazyString] = {
    "absolute": _("Tolerance, as a number"),
    "accepted": _("Also accepted"),
    "address": _("Address"),
    "agreement": _("Agreement (0 to 1)"),
    "any_of": _("One of these must stand in the text"),
    "asks_strength": _("Ask how much better it is"),
    "answers": _("Accepted answers"),
    "attribution": _("Others’ work in it"),
    "author": _("Author"),
    "bank": _("Bank"),
    "categories": _("Categories on offer"),
    "changes": _("What was changed"),
    "choices": _("Right options"),
    "claim": _("Claim"),
    "clause": _("Clause of the guideline"),
    "columns": _("Columns"),
    "content": _("Content"),
    "context": _("Context"),
    "criteria": _("Criteria"),
    "critical": _("Critical: missing it halves the points"),
    "descriptor": _("What this level takes"),
    "difficulty": _("Difficulty, as you guess it"),
    "distribution": _("How many experts chose what"),
    "end": _("Ends before character"),
    "entries": _("Entries"),
    "evidence": _("Passages of evidence"),
    "evidence_title": _("Where the evidence comes from"),
    "exemplar": _("An exemplary answer"),
    "experts": _("Number of experts"),
    "factors": _("How many of the key’s unit one of another unit is"),
    "faults": _("Faults on offer"),
    "fewest_words": _("Fewest words"),
    "given_by": _("Who gave the key"),
    "grades": _("Grades, from the lowest"),
    "groups": _("Ranking, the best first"),
    "id": _("Short name"),
    "identifier": _("Identifier"),
    "intent": _("What the searcher wants"),
    "is_case_sensitive": _("Capital letters count"),
    "is_reviewed": _("To be labelled"),
    "key": _("Key"),
    "labels": _("Labels"),
    "level": _("Number"),
    "levels": _("Levels, from the lowest"),
    "licence": _("Licence"),
    "many": _("Several options may be right"),
    "may_be_equal": _("“Equally good” is on offer"),
    "measure": _("Measure of agreement"),
    "most_words": _("Most words"),
    "must_fix": _("Must be mended"),
    "must_keep": _("Must be kept"),
    "none_of": _("None of these may stand in the text"),
    "note": _("Note"),
    "notes": _("Notes for markers"),
    "options": _("Options"),
    "order": _("Sequence"),
    "others": _("What no field is there for"),
    "pairs": _("Pairs"),
    "particulars": _("Particulars"),
    "passage": _("Passage that it is about"),
    "points": _("Points (up to 1)"),
    "problem": _("Problem"),
    "prompt": _("What is asked"),
    "provenance": _("Where the key comes from"),
    "publisher": _("Publisher"),
    "query": _("Query"),
    "question": _("Question"),
    "rankings": _("Rankings by experts"),
    "rationale": _("Why the key is right"),
    "reasons": _("Reasons"),
    "reference": _("Text to compare with"),
    "reference_title": _("Title of the text to compare with"),
    "relative": _("Tolerance, as a share (0.05 is 5 %)"),
    "response": _("Answer to judge"),
    "response_a": _("Response A"),
    "response_b": _("Response B"),
    "results": _("Results"),
    "rows": _("Rows"),
    "rule": _("Rule: when it applies"),
    "rules": _("Rules to keep"),
    "skill": _("Skill"),
    "sources": _("Sources"),
    "speaker": _("Speaker"),
    "spans": _("Faulty stretches"),
    "start": _("Begins at character"),
    "statement": _("Statement"),
    "steps": _("Steps"),
    "tags": _("Tags"),
    "summary": _("Summary"),
    "targets": _("Targets"),
    "task": _("Task"),
    "temptations": _("Why wrong answers tempt"),
    "text": _("Text"),
    "title": _("Title"),
    "tolerance": _("Tolerance at the edges, in characters"),
    "turns": _("Turns"),
    "typos": _("Typing errors forgiven"),
    "unit": _("Unit"),
    "units": _("Units on offer"),
    "url": _("Web address"),
    "use": _("Use"),
    "value": _("Value"),
    "votes": _("How many experts chose what"),
    "votes_of_one": _("Votes: experts, or their share"),
    "which": _("Which one"),
    "year": _("Year"),
    # of a key, whose fields mean something else than those of a content
    "key.grades": _("Grades by the number of the result"),
    "key.labels": _("Labels by the number of the turn"),
    "key.levels": _("Levels by criterion"),
    "key.reasons": _("Accepted reasons"),
}

# What one entry of a list is called; it is followed by its number.
ENTRIES: Mapping[str, LazyString] = {
    "accepted": _("Accepted set"),
    "answers": _("Accepted answer"),
    "categories": _("Category"),
    "criteria": _("Criterion"),
    "entries": _("Entry"),
    "evidence": _("Passage"),
    "faults": _("Fault"),
    "grades": _("Grade"),
    "labels": _("Label"),
    "levels": _("Level"),
    "must_fix": _("Check"),
    "must_keep": _("Check"),
    "options": _("Option"),
    "rankings": _("Ranking"),
    "reasons": _("Reason"),
    "results": _("Result"),
    "sources": _("Source"),
    "spans": _("Stretch"),
    "steps": _("Step"),
    "targets": _("Target"),
    "temptations": _("Answer"),
    "turns": _("Turn"),
    "units": _("Unit"),
    "key.grades": _("Grade of result"),
    "key.labels": _("Label of turn"),
    "key.levels": _("Level of criterion"),
}

HINTS: Mapping[str, LazyString] = {
    "accepted": _("Further answers that count as fully right. In a table: one set a line, commas between its parts."),
    "agreement": _("Leave it empty where nobody recorded it."),
    "any_of": _("One phrase a line. Letter case and spaces do not count."),
    "attribution": _("Only if the item is made of others’ texts or data: the licence asks for it."),
    "bank": _("Items of one bank are drawn for one test."),
    "clause": _("The sentence of the guideline that decides this item."),
    "columns": _("One a line."),
    "distribution": _("Numbers of experts, or shares that sum to 1. Leave it empty when all agreed."),
    "evidence": _("They are numbered in this order."),
    "factors": _("For a key in metres: km is 1000."),
    "groups": _("One place a line, the best first; short names with commas between them are tied."),
    "id": _("Lower case letters and digits, joined by hyphens. Keys name it; candidates never see it."),
    "identifier": _("Lower case letters and digits, joined by hyphens. Left empty, one is made from the question."),
    "licence": _("For example: CC BY 4.0."),
    "measure": _("For example: share of experts, Cohen’s kappa."),
    "none_of": _("One phrase a line."),
    "provenance": _("Tests can be told to take only items whose experts agreed enough."),
    "rationale": _("Candidates read it after release: explain it to somebody who chose otherwise."),
    "rows": _("One row a line, its cells with tabs or commas between them; a table can be pasted."),
    "sources": _("At least one that a reader can look up."),
    "tags": _("With commas between them."),
    "tolerance": _("An edge may be so many characters off."),
    "votes": _("Numbers of experts, or shares that sum to 1. Leave it empty when all agreed."),
}

_OPTIONS: Mapping[str, LazyString] = {
    "a": _("Response A"),
    "b": _("Response B"),
    "equal": _("Equally good"),
    "easy": _("easy"),
    "medium": _("medium"),
    "hard": _("hard"),
    "practice": _("practice, in lessons"),
    "test": _("tests"),
    "true": _("True"),
    "false": _("False"),
}


def title_of(name: str) -> str:
    """What people call a field."""
    return str(TITLES[name]) if name in TITLES else in_words(name)


def entry_title_of(name: str) -> str:
    """What people call one entry of a list."""
    return str(ENTRIES[name]) if name in ENTRIES else title_of(name)


def hint_of(name: str) -> str:
    """What helps to fill a field in; often nothing."""
    return str(HINTS.get(name, ""))


def option_title_of(value: str) -> str:
    """What people call a value that is on offer."""
    return str(_OPTIONS[value]) if value in _OPTIONS else in_words(value)


def in_words(name: str) -> str:
    """A name of the program in words: `may_be_equal` is "May be equal"."""
    return name.replace("_", " ").replace("-", " ").capitalize()
