"""MR-Ben: a model's solution to a problem of a subject; find the first step that is wrong."""

from collections.abc import Iterator
from pathlib import Path

from assessments.adapters.data_sets import NO_REASON, ONE_VERDICT, DataSet, Row, RowFault, fingerprint, read_rows
from assessments.adapters.exchange import Format, Reading, ReadItem
from assessments.adapters.json_rows import read_json_members
from assessments.adapters.plain_words import laid_out, plain, shortened, slug
from assessments.adapters.solution_steps import Steps, of_code, of_prose

DATA = DataSet(
    name="mr-ben",
    author="Zhongshen Zeng and others",
    title="MR-Ben: A Meta-Reasoning Benchmark for Evaluating System-2 Thinking in LLMs",
    year=2024,
    publisher="arXiv",
    url="https://github.com/dvlab-research/Mr-Ben",
    licence="MIT License, copyright 2024 DV Lab",
    changes="Code is split into steps: a line with the comments before it, or a documentation string.",
)
NONE = "n/a"
ALL_RIGHT = "The data set gives no reason; its annotators found no step wrong."
NO_STEP = 0


def read(path: Path) -> Reading:
    """The solutions of one subject."""
    return read_rows(_rows(path), _item)


def _rows(path: Path) -> Iterator[tuple[int, str, object]]:
    """The file holds, for each question, the list of its solutions; each solution is a row."""
    number = 0
    for question, solutions in read_json_members(path):
        listed = solutions if isinstance(solutions, list) else [solutions]
        for solution in listed:
            number += 1
            yield number, f"question {question[:40]}", solution


def _item(row: Row) -> ReadItem:
    solution = row.values.get("Model_Solution_Steps")
    steps = of_code(row.text("Model_Solution_Steps")) if isinstance(solution, str) else of_prose(_prose(row))
    is_right = row.one_of("Model_Solution_Correctness", "correct", "incorrect") == "correct"
    step = _first_wrong(row, steps)
    if is_right != (step == NO_STEP):
        raise RowFault("it is called right although a step is wrong, or wrong although none is")
    problem = _problem(row)
    return DATA.item(
        row,
        identifier=fingerprint(row.text("Question_UUID"), *steps.texts),
        type="first-wrong-step",
        content={"problem": problem, "steps": list(steps.texts)},
        key={"step": step},
        rationale=_rationale(row, is_right=is_right),
        provenance={"given_by": f"The annotators of MR-Ben{ONE_VERDICT}", "experts": 1},
        tags=[slug(row.text("Subject"))],
    )


def _prose(row: Row) -> list[str]:
    return [plain(step) for step in row.texts("Model_Solution_Steps")]


def _problem(row: Row) -> str:
    question = laid_out(row.text("Question"))
    options = laid_out(row.text("Options", may_be_empty=True)) if "Options" in row.values else ""
    return f"{question}\n\n{options}" if options else question


def _first_wrong(row: Row, steps: Steps) -> int:
    """The number of the first wrong step, 0 for none: the file has its number, or for code its first line."""
    name = "Model_Solution_First_Error_Step"
    said = str(row.values[name]) if type(row.values.get(name)) is int else row.text(name, may_be_empty=True)
    if said.strip().lower() == NONE:
        return NO_STEP
    if not said.strip():
        raise RowFault("the data set does not say which step is wrong")
    found = steps.numbers_of(said)
    if len(found) != 1:
        raise RowFault(f"the step that is called wrong stands {len(found)} times in the solution, not once")
    return found[0]


def _rationale(row: Row, *, is_right: bool) -> str:
    parts = [ALL_RIGHT] if is_right else _said(row, "Model_Solution_Error_Reason") or [NO_REASON]
    better = [] if is_right else _said(row, "Model_Solution_Rectified_First_Error_Step")
    if better:
        parts += ["The step put right:", better[0]]
    for name in ("Ground_Truth_Answer_Modified", "Ground_Truth_Answer"):
        if name in row.values and (answer := plain(row.text(name, may_be_empty=True))):
            parts.append(f"The right answer: {answer}")
            break
    return shortened("\n\n".join(parts), 8000)


def _said(row: Row, name: str) -> list[str]:
    """What the annotators wrote, one text or several; without what says nothing."""
    texts = row.texts(name) if isinstance(row.values.get(name), list) else [row.text(name, may_be_empty=True)]
    kept = [laid_out(text) for text in texts if text.strip().lower() not in {"", NONE, "tbd"}]
    return list(dict.fromkeys(kept))


FORMAT = Format(
    name="mr-ben",
    title="MR-Ben, first wrong steps of solutions (takes the .json file of a subject)",
    suffixes=(".json", ".json.gz"),
    read=read,
    is_data_set=True,
)
