"""Label Studio: the JSON of its exports in, tasks with ground truth out; spans, choices, pairs and ratings."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assessments.adapters.exchange import Format, Reading, ReadItem, Refusal, WrittenItem
from assessments.adapters.formats.own_entries import read_entry, write_entry
from assessments.adapters.json_rows import read_json_array
from assessments.adapters.label_studio_items import item_of, key_of, known_labels, shown_labels
from assessments.adapters.label_studio_tasks import Task, TaskFault, task_of, utf16_units

WRITTEN = ("span-highlight", "choice", "pairwise-preference", "rubric-score")
NO_REASON = "The annotators gave no reason."
SIDES = {"a": "left", "b": "right", "equal": "none"}


def read(path: Path) -> Reading:
    """Read the tasks of one export. The file is gone through twice: all labels are known before the first item."""
    read_tasks = [(number, _task(value)) for number, value in read_json_array(path)]
    known = known_labels([task for _number, task in read_tasks if isinstance(task, Task)])
    for number, task in read_tasks:
        where = f"task {number}"
        if isinstance(task, TaskFault):
            yield Refusal(number, where, str(task))
            continue
        try:
            yield _item(number, where, task, known)
        except TaskFault as fault:
            yield Refusal(number, where, str(fault))
        except (KeyError, TypeError, AttributeError):
            yield Refusal(number, where, "what Assay wrote beside this task (meta.assay) was changed")


def write(items: Iterable[WrittenItem]) -> tuple[bytes, list[Refusal]]:
    """Write tasks; what Label Studio has no place for travels in meta.assay, so that the items come back whole."""
    tasks, refused = [], []
    for number, item in enumerate(items, start=1):
        if item.type in WRITTEN:
            tasks.append(_written(number, item))
        else:
            reason = f"Label Studio holds {', '.join(WRITTEN)}; this one is {item.type}"
            refused.append(Refusal(number, item.identifier, reason))
    return json.dumps(tasks, ensure_ascii=False, indent=1).encode(), refused


def _task(value: object) -> Task | TaskFault:
    try:
        return task_of(value)
    except TaskFault as fault:
        return fault


def _item(number: int, where: str, task: Task, known: Mapping[str, list[str]]) -> ReadItem | Refusal:
    if task.assay is not None:
        entry = dict(task.assay)
        entry["key"] = key_of(task, str(entry["type"]), entry["content"], entry["key"])
        return read_entry(number, where, entry)
    type_name, content, key = item_of(task, known)
    digest = hashlib.sha256(json.dumps(task.data, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:12]
    experts = sum(bool(results) for results in task.annotations)
    return ReadItem(
        row=number,
        where=where,
        identifier=f"label-studio-{digest}",
        type=type_name,
        content=content,
        key=key,
        rationale=NO_REASON,
        tags=("label-studio",),
        provenance={"given_by": "Annotators in Label Studio", "experts": experts},
    )


def _written(number: int, item: WrittenItem) -> dict[str, Any]:
    data, results = _RESULTS[item.type](item.content, item.key)
    annotation = {"ground_truth": True, "result": results}
    return {"id": number, "data": data, "annotations": [annotation], "meta": {"assay": write_entry(item)}}


def _span_results(content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    titles = shown_labels(content["categories"], "title")
    text = content["text"]
    results = [
        _result(
            "labels",
            "label",
            number,
            {
                "start": utf16_units(text, span["start"]),
                "end": utf16_units(text, span["end"]),
                "text": text[span["start"] : span["end"]],
                "labels": [titles[span["category"]]],
            },
        )
        for number, span in enumerate(key["spans"], start=1)
    ]
    return {"text": text, "prompt": content["prompt"]}, results


def _choice_results(content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    texts = shown_labels(content["options"], "text")
    data = {"prompt": content["prompt"], "text": content.get("passage") or content["prompt"]}
    return data, [_result("choices", "choice", 1, {"choices": [texts[choice] for choice in key["choices"]]})]


def _pair_results(content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    data = {"prompt": content["task"], "text1": content["response_a"], "text2": content["response_b"]}
    return data, [_result("pairwise", "pw", 1, {"selected": SIDES[key["preference"]]})]


def _rating_results(content: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    given = [
        (name, said if isinstance(said, int) else int(max(said, key=said.__getitem__)))
        for name, said in key["levels"].items()
    ]
    results = [_result("rating", name, n, {"rating": level}) for n, (name, level) in enumerate(given, start=1)]
    return {"prompt": content["task"], "text": content["response"]}, results


def _result(kind: str, control: str, number: int, value: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": f"r{number}", "type": kind, "from_name": control, "to_name": "text", "value": dict(value)}


_RESULTS = {
    "span-highlight": _span_results,
    "choice": _choice_results,
    "pairwise-preference": _pair_results,
    "rubric-score": _rating_results,
}

FORMAT = Format("label-studio", "Label Studio's JSON: spans, choices, pairs and ratings", (".json",), read, write)
