"""Factcheck-GPT: claims out of a model's answers, and whole answers; say whether they are true."""

from collections.abc import Iterator
from pathlib import Path

from assessments.adapters.data_sets import NO_REASON, ONE_VERDICT, DataSet, Row, RowFault, fingerprint, read_rows
from assessments.adapters.exchange import Format, Reading, ReadItem
from assessments.adapters.json_rows import read_json_lines
from assessments.adapters.plain_words import plain, shortened

DATA = DataSet(
    name="factcheck-gpt",
    author="Yuxia Wang and others",
    title="Factcheck-GPT: End-to-End Fine-Grained Document-Level Fact-Checking and Correction of LLM Output",
    year=2023,
    publisher="arXiv",
    url="https://github.com/yuxiaw/Factcheck-GPT",
    licence="Apache License 2.0",
)
VERDICTS = {
    "true": "True",
    "false": "False",
    "not_enough_evidence": "There is not enough evidence to decide",
}
PROVENANCE = {"given_by": f"The annotators of Factcheck-GPT{ONE_VERDICT}", "experts": 1}


def read(path: Path) -> Reading:
    """The claims of subtask 4, or the answers of subtask 5: each row shows which it is."""
    return read_rows(_rows(path), _item)


def _rows(path: Path) -> Iterator[tuple[int, str, object]]:
    for number, (line, value) in enumerate(read_json_lines(path), start=1):
        yield number, f"line {line}", value


def _item(row: Row) -> ReadItem:
    if "claim" in row.values:
        return _claim(row)
    if "factual state" in row.values:
        return _answer(row)
    raise RowFault("expected a row of subtask 4 (claim, label) or of subtask 5 (prompt, response, factual state)")


def _claim(row: Row) -> ReadItem:
    claim, label = plain(row.text("claim")), row.one_of("label", *VERDICTS)
    revised = plain(row.text("revised_claim", may_be_empty=True)) or claim
    _check_revision(label, is_changed=revised != claim)
    return DATA.item(
        row,
        identifier=fingerprint(claim),
        type="choice",
        content={
            "passage": claim,
            "prompt": "Is this claim true? Look it up in sources that you trust.",
            "options": [{"id": name.replace("_", "-"), "text": text} for name, text in VERDICTS.items()],
        },
        key={"choices": [label.replace("_", "-")]},
        rationale=_rationale(revised if revised != claim else None, "claim"),
        provenance=PROVENANCE,
        tags=["claim"],
    )


def _answer(row: Row) -> ReadItem:
    question, answer = plain(row.text("prompt")), plain(row.text("response"))
    revised = plain(row.text("revised_response", may_be_empty=True)) or answer
    state = row.one_of("factual state", "true", "false")
    if state == "false":
        _check_revision(state, is_changed=revised != answer)
    return DATA.item(
        row,
        identifier=fingerprint(question, answer),
        type="true-false",
        content={
            "passage": f"Question: {question}\n\nAnswer: {answer}",
            "statement": "Every fact that this answer states is right.",
        },
        key={"answer": state},
        rationale=_rationale(revised if state == "false" else None, "answer"),
        provenance=PROVENANCE,
        tags=["answer"],
    )


def _check_revision(label: str, *, is_changed: bool) -> None:
    """The label and the data set's own correction must not contradict each other."""
    if label == "true" and is_changed:
        raise RowFault("it is labelled true, yet the data set corrects it: the key contradicts itself")
    if label == "false" and not is_changed:
        raise RowFault("it is labelled false, yet the data set’s correction changes nothing: no key can rest on that")


def _rationale(revised: str | None, what: str) -> str:
    if revised is None:
        return NO_REASON
    return shortened(f"The data set gives no reason, but a correction. The {what} made right:\n\n{revised}", 8000)


FORMAT = Format(
    name="factcheck-gpt",
    title="Factcheck-GPT, true and false claims (takes subtask4_claim_factuality.jsonl or subtask5_revision.jsonl)",
    suffixes=(".jsonl", ".jsonl.gz"),
    read=read,
    is_data_set=True,
)
