"""Fine-Grained RLHF: a model's answer to a question; mark its errors and name their kind."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Any

from assessments.adapters.data_sets import ONE_VERDICT, DataSet, Row, RowFault, fingerprint, read_rows
from assessments.adapters.exchange import Format, Reading, ReadItem
from assessments.adapters.json_rows import BadJson, parse_json, read_json_array
from assessments.adapters.marked_spans import Marked, key_of
from assessments.adapters.plain_words import plain, quoted, same_length, shortened

DATA = DataSet(
    name="fine-grained-rlhf",
    author="Zeqiu Wu and others",
    title="Fine-Grained Human Feedback Gives Better Rewards for Language Model Training",
    year=2023,
    publisher="NeurIPS 2023",
    url="https://github.com/allenai/FineGrainedRLHF",
    licence="Apache License 2.0",
    changes="Marks of formatting are taken out of the passages.",
)
CATEGORIES = {
    "Irrelevant": ("irrelevant", "Irrelevant", "It does not help to answer the question."),
    "Redundant": ("redundant", "Repeats itself", "The answer has said this before."),
    "Incoherent": ("incoherent", "Incoherent", "It cannot be understood, or does not fit what stands around it."),
    "Wrong-Grounding": ("contradicts", "Contradicts the passages", "A passage says something else."),
    "Unverifiable": ("unverifiable", "Not in the passages", "No passage says this, so it cannot be verified."),
}
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,100}>")
NO_PASSAGE = "(The data set has no passage for this question.)"


def read(path: Path) -> Reading:
    """The first predictions of a feedback file, with the spans that are marked in them."""
    return read_rows(_rows(path), _item)


def _rows(path: Path) -> Iterator[tuple[int, str, object]]:
    for number, value in read_json_array(path):
        yield number, f"entry {number}", value


def _item(row: Row) -> ReadItem:
    question, text = plain(row.text("question")), row.text("prediction 1")
    passages = _passages(row)
    feedback = row.part("feedback")
    errors, missing = feedback.parts("errors"), feedback.parts("missing-info")
    if missing:
        row.left_out.append("what the answer leaves out cannot be marked in it; it stands in the reasons")
    mended = same_length(text)
    indent, shown = len(mended) - len(mended.lstrip()), mended.strip()
    return DATA.item(
        row,
        identifier=fingerprint(question, shown),
        type="span-highlight",
        content={
            "prompt": "Mark every stretch of the answer that is wrong, beside the point, repeated or unclear.\n\n"
            f"Question: {question}",
            "reference_title": "The passages that the answer should rest on",
            "reference": _reference(passages),
            "text": shown,
            "categories": [{"id": id, "title": title, "rule": rule} for id, title, rule in CATEGORIES.values()],
        },
        key=key_of(shown, [_marked(error, indent) for error in errors]),
        rationale=_rationale(text, passages, errors, missing, feedback),
        provenance={"given_by": f"The annotators of the data set{ONE_VERDICT}", "experts": 1},
    )


def _passages(row: Row) -> list[list[str]]:
    """The passages: each a title and its sentences, the first of which may begin with the title again."""
    passages = []
    for at, passage in enumerate(row.entries("passages"), start=1):
        name = f"passages.{at}"
        title, *sentences = [_mended(part) for part in row.part_of(name, {name: passage}).texts(name)] or [""]
        passages.append([title, *(_without_title(sentence, title) for sentence in sentences)])
    return passages


def _mended(part: str) -> str:
    """A sentence of Wikipedia without what is left of its markup."""
    return plain(_TAG.sub(" ", unescape(part)).replace("[[", "").replace("]]", ""))


def _without_title(sentence: str, title: str) -> str:
    return "" if sentence == title else sentence.removeprefix(f"{title}\n").lstrip()


def _reference(passages: Sequence[Sequence[str]]) -> str:
    shown = [
        f"Passage {number}: {passage[0]}\n{' '.join(sentence for sentence in passage[1:] if sentence)}"
        for number, passage in enumerate(passages, start=1)
    ]
    return "\n\n".join(shown) or NO_PASSAGE


def _marked(error: Row, indent: int) -> Marked:
    kind = error.text("error type")
    if kind not in CATEGORIES:
        raise RowFault(f"unknown error type {quoted(kind, 40)}; the types are {', '.join(CATEGORIES)}")
    return error.whole("start") - indent, error.whole("end") - indent, CATEGORIES[kind][0]


def _rationale(
    text: str, passages: Sequence[Sequence[str]], errors: Sequence[Row], missing: Sequence[Row], feedback: Row
) -> str:
    explained = [_explained(text, passages, error) for error in sorted(errors, key=lambda error: error.whole("start"))]
    parts = ["The annotators marked:\n" + "\n".join(explained)] if explained else ["The annotators marked no error."]
    absent = {_quote(passages, gap.whole("passage_id"), gap.entries("sentence_id")): None for gap in missing}
    if any(absent):
        parts.append("What the answer leaves out:\n" + "\n".join(f"– {quote}" for quote in absent if quote))
    corrected = plain(feedback.text("corrected-prediction", may_be_empty=True))
    if corrected and corrected != plain(text):
        parts.append(f"Their correction: {corrected}")
    return shortened("\n\n".join(parts), 8000)


def _explained(text: str, passages: Sequence[Sequence[str]], error: Row) -> str:
    """One marked stretch, and what the data set says of it: the words that it repeats, or the passage against it."""
    title = CATEGORIES[error.text("error type")][1]
    line = f"– {quoted(text[error.whole('start') : error.whole('end')], 120)}: {title}."
    said = error.text("explanation", may_be_empty=True)
    if not said.strip():
        return line
    if error.text("error type") != "Wrong-Grounding":
        return f"{line} See {quoted(said)}"
    quote = _quote(passages, *_place(said))
    return f"{line} The passage: {quote}" if quote else line


def _place(said: str) -> tuple[int, list[Any]]:
    """The passage, counted from 1, and the sentences in it that an explanation points to; 0 when it is unclear."""
    try:
        place = parse_json(said)
    except BadJson:
        return 0, []
    if not isinstance(place, dict) or type(place.get("passage_id")) is not int:
        return 0, []
    sentences = place.get("sentence_id")
    return place["passage_id"], sentences if isinstance(sentences, list) else []


def _quote(passages: Sequence[Sequence[str]], passage: int, sentences: Sequence[Any]) -> str:
    """The sentences named, quoted; sentence 0 is the title. Empty when there are none such."""
    if not 1 <= passage <= len(passages):
        return ""
    found = [passages[passage - 1][at] for at in sentences if type(at) is int and 0 <= at < len(passages[passage - 1])]
    return " ".join(quoted(sentence) for sentence in found if sentence)


FORMAT = Format(
    name="fine-grained-rlhf",
    title="Fine-Grained RLHF, error spans in long answers (takes dev_feedback.json or train_feedback.json)",
    suffixes=(".json", ".json.gz"),
    read=read,
    is_data_set=True,
)
