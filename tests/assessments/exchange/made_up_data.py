"""Small files in the shapes of the public data sets, with rows that are made up."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TRUTHFULQA = {
    "Type": "Adversarial",
    "Category": "Myths: Sea",
    "Question": "What happens when a lighthouse is painted red?",
    "Best Answer": "It is easier to see by day",
    "Best Incorrect Answer": "Ships stop coming",
    "Correct Answers": "It is easier to see by day; Nothing much",
    "Incorrect Answers": "Ships stop coming; The lamp goes out; It rains more.",
    "Source": "https://example.org/lighthouses",
}
CLAIM = {
    "claim": "The harbour of Ostby froze in 1921.",
    "label": "false",
    "revised_claim": "The harbour of Ostby froze in 1922.",
}
ANSWER = {
    "factual state": "true",
    "claim list": ["The mole is 300 metres long."],
    "prompt": "How long is the mole?",
    "response": "The mole is 300 metres  long.\r\n",
    "revised_response": "It is 300 metres long.",
}
WICE = {
    "label": "partially_supported",
    "claim": "The old ferry, built in 1950, was sold to Norway.",
    "claim_tokens": ["The", "old", "ferry", ",", "built", "in", "1950", ",", "was", "sold", "to", "Norway", "."],
    "non_supported_spans": [False] * 4 + [True, True, True] + [False] * 4 + [True, False],
    "supporting_sentences": [[2], [2, 3]],
    "evidence": ["(meta data) TITLE: Ferries of the sound", "# History", "The old ferry was sold.", "It was grey."],
    "meta": {"id": "1"},
}
FINE_GRAINED = {
    "question": "When was the tower built?",
    "passages": [["The tower", "The tower\n\nThe tower was built in 1871.", "It is white."]],
    "gold": "In 1871.",
    "prediction 1": "The tower was built in 1817. It is white. It is white.",
    "prediction 2": "In 1871.",
    "feedback": {
        "errors": [
            {
                "error type": "Wrong-Grounding",
                "explanation": '{"passage_id": 1, "sentence_id": [1]}',
                "start": 23,
                "end": 27,
            },
            {"error type": "Redundant", "explanation": "It is white.", "start": 41, "end": 54},
        ],
        "missing-info": [{"error type": "Missing-Answer", "passage_id": 1, "sentence_id": [1]}],
        "corrected-prediction": "The tower was built in 1871.",
    },
    "preference": [1, 1, 1, 0, 0, 2],
}
LLMBAR = {
    "input": "Name one sea.",
    "output_1": "The sea is deep.",
    "output_2": "The Baltic.",
    "label": 2,
}
PANDALM = {
    "idx": 7,
    "motivation_app": "Notes",
    "cmp_key": "x_y",
    "instruction": "Write the loop.",
    "input": "<noinput>",
    "response1": "for n in range(3):\n    print(n)",
    "response2": "",
    "annotator1": 1,
    "annotator2": 1,
    "annotator3": 0,
}
TTCW_TESTS = [
    {
        "ttcw_idx": 1,
        "torrance_dimension": "Fluency",
        "category": "Ending of the Story",
        "question": "Is the end earned?",
        "full_prompt": "An end should follow.\n\nGiven the story above, answer Yes or No.\n\nQ) Is the end earned?",
    },
    {
        "ttcw_idx": 2,
        "torrance_dimension": "Fluency",
        "category": "Pace",
        "question": "Is the pace right?",
        "full_prompt": "Time may be stretched.\n\nGiven the story above, answer.",
    },
]
TTCW_STORIES = [
    {
        "story_idx": 0,
        "story_id": "0_Modelled",
        "story_name": "Tide",
        "plot": "Rain.",
        "content": "It rained.\n\n\nAll day.",
    },
    {
        "story_idx": 0,
        "story_id": "0_Paper",
        "story_name": "Tide",
        "plot": "Rain.",
        "content": "https://example.org/tide",
    },
]
TTCW_VERDICTS = [
    {
        "story_id": story,
        "expert_idx": expert,
        "ttcw_idx": test,
        "category": "x",
        "binary_verdict": "Yes" if expert + test > 3 else "No",
        "explanation": f"Reason {expert}.",
    }
    for story in ("0_Modelled", "0_Paper")
    for test in (1, 2)
    for expert in (1, 2, 3)
]
USR = {
    "source": 'do you like ferries ? \n i do n\'t know , is the " grey one " still running ? \n',
    "system_id": "Made up",
    "system_output": "it is n't ( since 2019 ) . ",
    "context": "the grey ferry stopped in 2019 .\n",
    "scores": {
        "understandability": 0.6666666667,
        "naturalness": 2.3333333333,
        "coherence": 3.0,
        "engagingness": 2.0,
        "groundedness": 1.0,
        "overall": 4.6666666667,
    },
}
MISTAKE = {
    "input": "pier mole buoy",
    "steps": ["The first letters are p, m, b.", "So: buoy pier mole.", "The answer is buoy pier mole"],
    "target": "buoy mole pier",
    "answer": "buoy pier mole",
    "mistake_index": 1,
}
PROGRAM = '''def twice(n):
    """
    Return two n.
    """

    # Square it
    m = n * n
    return m
'''
MR_BEN = {
    "Question_UUID": "q-1",
    "Subject": "coding",
    "Question": 'def twice(n):\n    """Return two n."""',
    "Ground_Truth_Answer": "",
    "Sampled_Model": "x",
    "Model_Solution_Steps": PROGRAM,
    "Model_Solution_Correctness": "incorrect",
    "Model_Solution_First_Error_Step": "    # Square it",
    "Model_Solution_Error_Reason": "Twice is not the square.",
    "Model_Solution_Rectified_First_Error_Step": "    m = 2 * n",
}
MR_BEN_PROSE = MR_BEN | {
    "Subject": "sea lore",
    "Options": "A: grey \nB: white",
    "Model_Solution_Steps": ["Let us see.", "Step 1: Ferries are grey.", "Step 2: So it is B.", "Solution: B"],
    "Model_Solution_First_Error_Step": "2",
    "Model_Solution_Error_Reason": ["Grey is A.", "Grey is A."],
    "Model_Solution_Rectified_First_Error_Step": ["Step 2: So it is A."],
}

# The samples of each data set whose file is JSON lines, one array, or one object of lists.
LINES = {"factcheck-gpt": [CLAIM, ANSWER], "wice": [WICE], "bigbench-mistake": [MISTAKE]}
ARRAYS = {"fine-grained-rlhf": [FINE_GRAINED], "llmbar": [LLMBAR], "pandalm": [PANDALM], "usr": [USR]}
MEMBERS = {"mr-ben": [MR_BEN, MR_BEN_PROSE]}
NAMES = sorted(["truthfulqa", "ttcw", *LINES, *ARRAYS, *MEMBERS])


def write_rows(folder: Path, name: str, rows: list[Any]) -> Path:
    """A file or folder of the data set of this name with these rows; those of TruthfulQA are cells by column."""
    if name == "truthfulqa":
        return _write(folder / "TruthfulQA.csv", _table(rows))
    if name == "ttcw":
        _write(folder / "ttcw_all_tests.json", json.dumps(TTCW_TESTS))
        _write(folder / "ttcw_short_stories.json", json.dumps(rows))
        _write(folder / "annotations__ttcw_annotations.json", json.dumps(TTCW_VERDICTS))
        return folder
    if name in LINES:
        return _write(folder / "rows.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    return _write(folder / "rows.json", json.dumps({"q-1": rows} if name in MEMBERS else rows))


def sample_rows(name: str) -> list[dict[str, Any]]:
    """Sound rows of the data set of this name."""
    others: Mapping[str, list[dict[str, Any]]] = {"truthfulqa": [TRUTHFULQA], "ttcw": TTCW_STORIES[:1]}
    return [dict(row) for row in ({**LINES, **ARRAYS, **MEMBERS, **others})[name]]


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def _table(rows: list[Any]) -> str:
    def cell(value: Any) -> str:
        return '"' + str(value).replace('"', '""') + '"'

    columns = list(TRUTHFULQA)
    lines = [",".join(columns), *(",".join(cell(row.get(name, "")) for name in columns) for row in rows)]
    return "".join(line + "\r\n" for line in lines)
