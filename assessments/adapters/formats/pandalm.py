"""PandaLM: two answers to an instruction, compared by three people."""

from collections.abc import Iterator
from pathlib import Path

from assessments.adapters.data_sets import (
    NO_REASON,
    DataSet,
    Row,
    RowFault,
    agreeing_pairs,
    fingerprint,
    read_rows,
    votes_of,
)
from assessments.adapters.exchange import Format, Reading, ReadItem
from assessments.adapters.json_rows import read_json_array
from assessments.adapters.plain_words import laid_out

DATA = DataSet(
    name="pandalm",
    author="Yidong Wang, Zhuohao Yu and others",
    title="PandaLM: An Automatic Evaluation Benchmark for LLM Instruction Tuning Optimization",
    year=2023,
    publisher="arXiv",
    url="https://github.com/WeOpenML/PandaLM",
    licence="Apache License 2.0, copyright 2023 Yidong Wang, Zhuohao Yu",
    changes="The two responses stand in an order of our own.",
)
ANNOTATORS = ("annotator1", "annotator2", "annotator3")
EMPTY = "(The response is empty.)"


def read(path: Path) -> Reading:
    """The pairs of testset-v1.json."""
    return read_rows(_rows(path), _item)


def _rows(path: Path) -> Iterator[tuple[int, str, object]]:
    for number, value in read_json_array(path):
        yield number, f"entry {number}", value


def _item(row: Row) -> ReadItem:
    number = row.whole("idx")
    if not 0 <= number < 10**9:
        raise RowFault("idx should be a number from 0 to 999,999,999")
    responses = [_response(row, "response1"), _response(row, "response2")]
    is_swapped = int(fingerprint(*responses), 16) % 2 == 1
    names = {0: "equal", 1: "b" if is_swapped else "a", 2: "a" if is_swapped else "b"}
    given = [names[row.whole(annotator, 0, 1, 2)] for annotator in ANNOTATORS]
    votes = votes_of(given)
    if len(votes) == len(given):
        raise RowFault("the three annotators gave three different verdicts, so there is no key")
    first, second = reversed(responses) if is_swapped else responses
    return DATA.item(
        row,
        identifier=str(number),
        type="pairwise-preference",
        content={
            "task": _task(row),
            "response_a": first,
            "response_b": second,
            "asks_strength": False,
        },
        key={"preference": max(votes, key=lambda answer: votes[answer]), "votes": votes},
        rationale=NO_REASON,
        provenance={
            "given_by": "The three annotators of PandaLM",
            "experts": len(given),
            "agreement": agreeing_pairs(given),
            "measure": "share of pairs of annotators who agree",
        },
    )


def _task(row: Row) -> str:
    parts = [laid_out(row.text(name, may_be_empty=True)) for name in ("instruction", "input")]
    task = "\n\n".join(part for part in parts if part not in {"", "<noinput>"})
    if not task:
        raise RowFault("instruction and input are empty")
    return task


def _response(row: Row, name: str) -> str:
    value = row.values.get(name)
    if isinstance(value, bool):  # the file has some answers "True" without their quotation marks
        row.left_out.append(f"{name} is the truth value {str(value).lower()}; it is shown as the word")
        return str(value)
    text = laid_out(row.text(name, may_be_empty=True))
    if not text:
        row.left_out.append(f"{name} is empty; the item says so in its place")
    return text or EMPTY


FORMAT = Format(
    name="pandalm",
    title="PandaLM test set, two responses compared by three people (takes testset-v1.json)",
    suffixes=(".json", ".json.gz"),
    read=read,
    is_data_set=True,
)
