"""BIG-Bench Mistake: chains of thought; find the first step that is wrong."""

from collections.abc import Iterator
from pathlib import Path

from assessments.adapters.data_sets import ONE_VERDICT, DataSet, Row, RowFault, fingerprint, read_rows
from assessments.adapters.exchange import Format, Reading, ReadItem
from assessments.adapters.json_rows import read_json_lines
from assessments.adapters.plain_words import plain

DATA = DataSet(
    name="bigbench-mistake",
    author="Gladys Tyen, Hassan Mansoor, Victor Cărbune, Peter Chen, Tony Mak",
    title="LLMs cannot find reasoning errors, but can correct them!",
    year=2023,
    publisher="arXiv",
    url="https://github.com/WHGTyen/BIG-Bench-Mistake",
    licence="Apache License 2.0",
    changes="Lists of words to sort are introduced as such.",
)
NO_STEP = 0


def read(path: Path) -> Reading:
    """The traces of one task."""
    return read_rows(_rows(path), _item)


def _rows(path: Path) -> Iterator[tuple[int, str, object]]:
    for number, (line, value) in enumerate(read_json_lines(path), start=1):
        yield number, f"line {line}", value


def _item(row: Row) -> ReadItem:
    problem, steps = plain(row.text("input")), [plain(step) for step in row.texts("steps")]
    target, answer = plain(row.text("target")), plain(row.text("answer", may_be_empty=True))
    step = _first_wrong(row, len(steps))
    if step == NO_STEP and answer != target:
        raise RowFault("no step is marked as wrong, yet the answer is: the key contradicts itself")
    if sorted(problem.split()) == sorted(target.split()):
        problem = f"Sort these words in alphabetical order: {problem}"
    return DATA.item(
        row,
        identifier=fingerprint(problem, *steps),
        type="first-wrong-step",
        content={"problem": problem, "steps": steps},
        key={"step": step},
        rationale=_rationale(step, target, answer),
        provenance={"given_by": f"The annotators of BIG-Bench Mistake{ONE_VERDICT}", "experts": 1},
    )


def _first_wrong(row: Row, count: int) -> int:
    """The step from 1 that is the first wrong one; the file counts from 0, and says null for none."""
    if "mistake_index" in row.values and row.values["mistake_index"] is None:
        return NO_STEP
    index = row.whole("mistake_index")
    if not 0 <= index < count:
        raise RowFault(f"mistake_index should be from 0 to {count - 1}, the steps there are")
    return index + 1


def _rationale(step: int, target: str, answer: str) -> str:
    if step == NO_STEP:
        return f"The data set gives no reason; its annotators found no step wrong. The answer is right: {target}"
    ending = "which is right all the same" if answer == target else f"the right answer is: {target}"
    return f"The data set gives no reason. The steps end in the answer: {answer or '(none)'}; {ending}"


FORMAT = Format(
    name="bigbench-mistake",
    title="BIG-Bench Mistake, first wrong steps of chains of thought (takes the .jsonl file of a task)",
    suffixes=(".jsonl", ".jsonl.gz"),
    read=read,
    is_data_set=True,
)
