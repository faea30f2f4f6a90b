"""LLMBar: two answers to an instruction, of which one follows it better."""

from collections.abc import Iterator
from pathlib import Path

from assessments.adapters.data_sets import NO_REASON, ONE_VERDICT, DataSet, Row, RowFault, fingerprint, read_rows
from assessments.adapters.exchange import Format, Reading, ReadItem
from assessments.adapters.json_rows import read_json_array
from assessments.adapters.plain_words import laid_out

DATA = DataSet(
    name="llmbar",
    author="Zhiyuan Zeng, Jiatong Yu, Tianyu Gao, Yu Meng, Tanya Goyal, Danqi Chen",
    title="Evaluating Large Language Models at Evaluating Instruction Following",
    year=2023,
    publisher="arXiv",
    url="https://github.com/princeton-nlp/LLMBar",
    licence="MIT License, copyright 2023 Princeton Natural Language Processing",
    changes="The two responses stand in an order of our own.",
)


def read(path: Path) -> Reading:
    """The pairs of one dataset.json."""
    return read_rows(_rows(path), _item)


def _rows(path: Path) -> Iterator[tuple[int, str, object]]:
    for number, value in read_json_array(path):
        yield number, f"entry {number}", value


def _item(row: Row) -> ReadItem:
    task = laid_out(row.text("input"))
    outputs = [laid_out(row.text("output_1")), laid_out(row.text("output_2"))]
    if outputs[0] == outputs[1]:
        raise RowFault("the two outputs are the same")
    better = outputs[row.whole("label", 1, 2) - 1]
    identifier = fingerprint(task, *outputs)
    first, second = outputs if int(identifier, 16) % 2 else reversed(outputs)
    return DATA.item(
        row,
        identifier=identifier,
        type="pairwise-preference",
        content={
            "task": task,
            "question": "Which response follows the instruction better?",
            "response_a": first,
            "response_b": second,
            "may_be_equal": False,
            "asks_strength": False,
        },
        key={"preference": "a" if better == first else "b"},
        rationale=NO_REASON,
        provenance={"given_by": f"The makers of LLMBar{ONE_VERDICT}", "experts": 1},
    )


FORMAT = Format(
    name="llmbar",
    title="LLMBar, which of two responses follows the instruction (takes a dataset.json)",
    suffixes=(".json", ".json.gz"),
    read=read,
    is_data_set=True,
)
