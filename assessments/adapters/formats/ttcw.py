"""TTCW: short stories judged by three writers against the Torrance Test of Creative Writing.

One row is one story and one dimension of the test (fluency, flexibility, originality, elaboration), with the two to
five yes-or-no tests of that dimension.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from assessments.adapters.bounded_files import find_in
from assessments.adapters.data_sets import DataSet, Row, RowFault, agreeing_pairs, read_rows, votes_of
from assessments.adapters.exchange import Format, Reading, ReadItem, UnreadableFile
from assessments.adapters.json_rows import read_json_array
from assessments.adapters.plain_words import plain, shortened, slug

DATA = DataSet(
    name="ttcw",
    author="Tuhin Chakrabarty, Philippe Laban, Divyansh Agarwal, Smaranda Muresan, Chien-Sheng Wu",
    title="Art or Artifice? Large Language Models and the False Promise of Creativity",
    year=2024,
    publisher="CHI 2024",
    url="https://github.com/salesforce/creativity_eval",
    licence="BSD 3-Clause License, copyright 2023 Salesforce",
    changes="The tests of one dimension stand together; instructions to a language model are taken out of them.",
)
LEVELS = {"no": 1, "yes": 2}
DESCRIPTORS = [{"level": 1, "descriptor": "No."}, {"level": 2, "descriptor": "Yes."}]
_INSTRUCTION = "Given the story above"


def read(path: Path) -> Reading:
    """The folder with ttcw_annotations.json, ttcw_short_stories.json and ttcw_all_tests.json."""
    if not path.is_dir():
        raise UnreadableFile("expected the folder with ttcw_annotations, ttcw_short_stories and ttcw_all_tests")
    return read_rows(_rows(path), _item)


def _rows(folder: Path) -> Iterator[tuple[int, str, object]]:
    """A row for each story and dimension, in the order of the stories: the story, the tests, the verdicts."""
    stories = _objects(find_in(folder, "ttcw_short_stories.json"), "story_id")
    tests = _objects(find_in(folder, "ttcw_all_tests.json"), "ttcw_idx")
    verdicts = defaultdict(list)
    for verdict in _objects(find_in(folder, "ttcw_annotations.json"), "story_id", "ttcw_idx"):
        verdicts[str(verdict["story_id"]), str(verdict["ttcw_idx"])].append(verdict)
    number = 0
    for story in stories:
        for dimension, of_dimension in _by_dimension(tests).items():
            number += 1
            given = [verdicts[str(story["story_id"]), str(test["ttcw_idx"])] for test in of_dimension]
            where = f"story {str(story['story_id'])[:40]}, {dimension[:40].lower()}"
            values = {"dimension": dimension, "tests": of_dimension, "verdicts": given, "number": number}
            yield number, where, {**story, **values}


def _objects(path: Path, *names: str) -> list[dict[str, Any]]:
    """The objects of a file, which needs them all: a fault in one refuses the file."""
    found = []
    try:
        for number, value in read_json_array(path):
            if not isinstance(value, dict) or any(type(value.get(name)) not in {str, int} for name in names):
                raise UnreadableFile(f"entry {number} should be an object with {' and '.join(names)}")
            found.append(value)
    except UnreadableFile as fault:
        raise UnreadableFile(f"{path.name}: {fault}") from fault
    return found


def _by_dimension(tests: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for test in tests:
        found[str(test.get("torrance_dimension"))].append(test)
    return found


def _item(row: Row) -> ReadItem:
    story = plain(row.text("content"))
    if story.startswith("https://") and len(story.split()) == 1:
        raise RowFault("the data set has a link in place of the story, which its publisher did not release")
    tests = row.parts("tests")
    ids = [slug(test.text("category")) for test in tests]
    given = [_verdicts(row, list_of_one) for list_of_one in row.entries("verdicts")]
    answers = [[verdict.one_of("binary_verdict", *LEVELS) for verdict in verdicts] for verdicts in given]
    votes = [votes_of(str(LEVELS[answer]) for answer in of_test) for of_test in answers]
    return DATA.item(
        row,
        identifier=f"{slug(row.text('story_id'))}-{slug(row.text('dimension'))}"[:50].strip("-"),
        type="rubric-score",
        content={
            "task": f"Write a short story. Its plot: {plain(row.text('plot'))}",
            "reference_title": "What the tests ask for",
            "reference": "\n\n".join(_explained(test) for test in tests),
            "response": story,
            "criteria": [_criterion(test, id) for test, id in zip(tests, ids, strict=True)],
        },
        key={"levels": dict(zip(ids, votes, strict=True))},
        rationale=_rationale(row, tests, given),
        provenance={
            "given_by": "Three creative writing experts of the data set",
            "experts": len(answers[0]),
            "agreement": agreeing_pairs(*answers),
            "measure": "share of pairs of experts who agree, over the tests",
        },
        tags=[slug(row.text("dimension"))],
    )


def _verdicts(row: Row, entries: object) -> list[Row]:
    """What the experts said of one test; there must be two at least."""
    if not isinstance(entries, list) or len(entries) < 2:
        raise RowFault("a test of this story has fewer than two verdicts")
    return [row.part_of("verdict", entry) for entry in entries]


def _criterion(test: Row, id: str) -> dict[str, Any]:
    return {
        "id": id,
        "title": plain(test.text("category")),
        "question": plain(test.text("question")),
        "levels": DESCRIPTORS,
    }


def _explained(test: Row) -> str:
    """What the data set says of a test, without the instruction that it ends with."""
    background = plain(test.text("full_prompt").partition(_INSTRUCTION)[0])
    return f"{plain(test.text('category'))}\n{background}" if background else plain(test.text("category"))


def _rationale(row: Row, tests: Iterable[Row], given: Iterable[list[Row]]) -> str:
    blocks = []
    for test, verdicts in zip(tests, given, strict=True):
        said = [
            f"– {verdict.text('binary_verdict').strip().capitalize()}: "
            f"{plain(verdict.text('explanation', may_be_empty=True)) or '(without a reason)'}"
            for verdict in verdicts
        ]
        blocks.append("\n".join([plain(test.text("category")), *said]))
    rationale = "\n\n".join(blocks)
    if len(rationale) > 8000:
        row.left_out.append("the end of what the experts wrote is left out; reasons take 8,000 characters")
    return shortened(rationale, 8000)


FORMAT = Format(
    name="ttcw",
    title="TTCW, short stories judged by three writers (takes the folder with annotations, stories and tests)",
    suffixes=(),
    read=read,
    is_data_set=True,
)
