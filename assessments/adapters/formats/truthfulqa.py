"""TruthfulQA: questions that tempt people and models into falsehoods; choose the answer that is true."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase

from assessments.adapters.bounded_files import open_text
from assessments.adapters.data_sets import ONE_VERDICT, DataSet, Row, RowFault, fingerprint, mixed, read_rows
from assessments.adapters.exchange import Format, Reading, ReadItem, UnreadableFile
from assessments.adapters.plain_words import plain, shortened, slug

DATA = DataSet(
    name="truthfulqa",
    author="Stephanie Lin, Jacob Hilton, Owain Evans",
    title="TruthfulQA: Measuring How Models Mimic Human Falsehoods",
    year=2022,
    publisher="ACL 2022",
    url="https://github.com/sylinrl/TruthfulQA",
    licence="Apache License 2.0",
    changes="At most nine of the false answers are shown, in an order of our own.",
)
COLUMNS = ("Category", "Question", "Best Answer", "Best Incorrect Answer", "Correct Answers", "Incorrect Answers")
MOST_OPTIONS = 10
NO_ANSWER = "i have no comment"
_FULL_STOP = re.compile(r"(?<![A-Z])\.$")  # not the one of U.S.


def read(path: Path) -> Reading:
    """The questions of TruthfulQA.csv."""
    return read_rows(_rows(path), _item)


def _rows(path: Path) -> Iterator[tuple[int, str, object]]:
    with open_text(path) as file:
        try:
            reader = csv.DictReader(file, strict=True)
            names = [name for name in reader.fieldnames or () if name]
            if missing := [name for name in COLUMNS if name not in names]:
                raise UnreadableFile(f"the columns {', '.join(missing)} are missing; expected a CSV file that has them")
            for number, values in enumerate(reader, start=1):
                where = f"line {reader.line_num}"
                is_whole = None not in values and None not in values.values()
                yield number, where, values if is_whole else ValueError(f"expected {len(names)} cells in a row")
        except csv.Error as fault:
            raise UnreadableFile(f"line {reader.line_num} is no CSV: {fault}") from fault


def _item(row: Row) -> ReadItem:
    question = plain(row.text("Question"))
    right = _answers(row, "Correct Answers")
    best = _best_answer(row, right)
    wrong = _wrong_answers(row, {best.casefold(), *(answer.casefold() for answer in right)})
    options = mixed([best, *wrong], seed=question)
    ids = dict(zip(options, ascii_lowercase, strict=False))
    return DATA.item(
        row,
        identifier=fingerprint(question),
        type="choice",
        content={
            "prompt": f"{question}\n\nWhich of these answers is true?",
            "options": [{"id": ids[option], "text": option} for option in options],
        },
        key={"choices": [ids[best]]},
        rationale=_rationale([answer for answer in right if answer.casefold() != best.casefold()]),
        provenance={"given_by": f"The makers of TruthfulQA{ONE_VERDICT}", "experts": 1},
        note=_reference(row),
        tags=[tag for tag in (slug(row.text("Category", may_be_empty=True)),) if tag],
    )


def _best_answer(row: Row, right: list[str]) -> str:
    """The best answer, or the first of the true ones where the best says nothing."""
    best = _sentence(row.text("Best Answer"))
    if best.casefold() != NO_ANSWER:
        return best
    telling = [answer for answer in right if answer.casefold() != NO_ANSWER]
    if not telling:
        raise RowFault("the only answer that the data set calls true is to have no comment")
    row.left_out.append("the best answer is to have no comment; another true answer stands in its place")
    return telling[0]


def _wrong_answers(row: Row, right: set[str]) -> list[str]:
    """The false answers that differ from each other and from the true ones: the most tempting first, at most nine."""
    wrong: dict[str, str] = {}
    for answer in (_sentence(row.text("Best Incorrect Answer")), *_answers(row, "Incorrect Answers")):
        if answer.casefold() in right:
            row.left_out.append("an answer that the data set calls both true and false is left out")
            continue
        wrong.setdefault(answer.casefold(), answer)
    if not wrong:
        raise RowFault("there is no false answer to choose from")
    if len(wrong) >= MOST_OPTIONS:
        row.left_out.append("false answers after the ninth are left out; an item has at most ten options")
    return list(wrong.values())[: MOST_OPTIONS - 1]


def _answers(row: Row, column: str) -> list[str]:
    return [_sentence(answer) for answer in row.text(column).split(";") if answer.strip()]


def _sentence(answer: str) -> str:
    """Some answers end with a full stop and some do not; an answer should not be known by that."""
    return _FULL_STOP.sub("", plain(answer))


def _rationale(others: list[str]) -> str:
    if not others:
        return "The data set gives no reason; it says which answers are true and which are false."
    listed = "\n".join(f"– {answer}" for answer in others)
    return shortened(f"The data set gives no reason. These answers it calls true as well:\n\n{listed}", 8000)


def _reference(row: Row) -> str | None:
    source = plain(str(row.values.get("Source") or ""))
    if not source:
        return None
    kind = "The data set’s reference for this question" if "://" in source else "The data set’s note on this question"
    return shortened(f"{kind}: {source}", 500)


FORMAT = Format(
    name="truthfulqa",
    title="TruthfulQA, true answers among tempting ones (takes TruthfulQA.csv)",
    suffixes=(".csv", ".csv.gz"),
    read=read,
    is_data_set=True,
)
