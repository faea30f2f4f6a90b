"""Tasks of Label Studio as items: spans, choices, pairs and ratings; several annotators are a distribution."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from assessments.adapters.label_studio_tasks import Result, Task, TaskFault, chosen, code_points
from assessments.adapters.plain_words import slug

Made = tuple[str, dict[str, Any], dict[str, Any]]  # type, content, key

SIDES = {"left": "a", "right": "b"}


def known_labels(tasks: Sequence[Task]) -> dict[str, list[str]]:
    """Every label of spans and every choice that the file uses: what there was to choose from, as far as it shows."""
    return {name: sorted({label for task in tasks for label in _used(task, name)}) for name in ("labels", "choices")}


def _used(task: Task, name: str) -> list[str]:
    try:
        return [label for results in task.of_type(name) for result in results for label in chosen(result, name)]
    except TaskFault:
        return []  # said when the task itself is read


def item_of(task: Task, known: Mapping[str, Sequence[str]]) -> Made:
    """Return the item that a task states. Raises TaskFault when its controls are none of ours, or do not fit."""
    types = {result.get("type") for results in task.annotations for result in results}
    if "pairwise" in types:
        return _pair(task)
    if "rating" in types:
        return _rating(task)
    if "labels" in types:
        return _spans(task, known["labels"])
    if "choices" in types:
        return _choice(task, known["choices"])
    named = ", ".join(sorted(str(name) for name in types))[:200]
    raise TaskFault(f"results of type {named}; spans (labels), choices, pairwise and rating are read")


def key_of(task: Task, type_name: str, content: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    """The key of an item that Assay wrote, as its first annotation says now: what was changed there comes back."""
    results = task.annotations[0]
    if type_name == "span-highlight":
        titles = {shown: id for id, shown in shown_labels(content["categories"], "title").items()}
        critical = {(s["start"], s["end"], s["category"]) for s in key.get("spans", ()) if s.get("critical")}
        spans = [_span(str(content["text"]), result, titles) for result in results if result.get("type") == "labels"]
        marked = [{**s, "critical": (s["start"], s["end"], s["category"]) in critical} for s in spans]
        return {**key, "spans": marked}
    if type_name == "choice":
        ids = {shown: id for id, shown in shown_labels(content["options"], "text").items()}
        picked = [text for result in results if result.get("type") == "choices" for text in chosen(result, "choices")]
        return {**key, "choices": sorted(_named(ids, text) for text in picked)}
    if type_name == "pairwise-preference":
        return {**key, "preference": _side(results)}
    levels = {str(result.get("from_name")): _stars(result) for result in results if result.get("type") == "rating"}
    votes = {name: said for name, said in key.get("levels", {}).items() if isinstance(said, dict)}
    return {**key, "levels": {**levels, **votes}}


def shown_labels(parts: Sequence[Mapping[str, Any]], name: str) -> dict[str, str]:
    """What annotators see for the id of each part: its text, or its id where two have the same text."""
    texts = Counter(part[name] for part in parts)
    return {part["id"]: part[name] if texts[part[name]] == 1 else part["id"] for part in parts}


def _spans(task: Task, labels: Sequence[str]) -> Made:
    text = task.text("text", "response", "answer")
    ids = _identifiers(labels)
    categories = [
        {"id": id, "title": label, "rule": f"Marked as “{label}” by the annotators."} for label, id in ids.items()
    ]
    read = [[_span(text, result, ids) for result in results] for results in task.of_type("labels")]
    sets = Counter(tuple(sorted((s["start"], s["end"], s["category"]) for s in spans)) for spans in read)
    (most, _count), *others = sets.most_common()
    content = {"prompt": "Mark every stretch of the text that carries one of the labels.", "text": text}
    key: dict[str, Any] = {"spans": _as_spans(most)}
    if others:
        key["accepted"] = [_as_spans(spans) for spans, _count in others if spans]
    return "span-highlight", content | {"categories": categories}, key


def _choice(task: Task, choices: Sequence[str]) -> Made:
    ids = _identifiers(choices)
    picked = [
        frozenset(c for result in results for c in chosen(result, "choices")) for results in task.of_type("choices")
    ]
    given = Counter(choice for choice in picked if choice)
    many = any(len(choice) > 1 for choice in given)
    prompt = task.data.get("question") or task.data.get("prompt") or "Which of these fits the text?"
    content: dict[str, Any] = {"prompt": str(prompt), "many": many, "passage": task.text("text", "passage", "response")}
    content["options"] = [{"id": id, "text": label} for label, id in ids.items()]
    (most, _count), *others = given.most_common()
    key: dict[str, Any] = {"choices": sorted(ids[label] for label in most)}
    if many:
        key["accepted"] = [sorted(ids[label] for label in other) for other, _count in others]
    elif others:
        key["distribution"] = {ids[next(iter(label))]: count for label, count in given.items()}
    return "choice", content, key


def _pair(task: Task) -> Made:
    votes = Counter(_side(results) for results in task.annotations if results)
    (most, _count), *others = votes.most_common()
    content = {
        "task": task.text("prompt", "question", "instruction", "task"),
        "response_a": _side_text(task, "text1", "response_a", "left", "answer1"),
        "response_b": _side_text(task, "text2", "response_b", "right", "answer2"),
        "asks_strength": False,
        "may_be_equal": "equal" in votes,
    }
    return "pairwise-preference", content, {"preference": most} | ({"votes": dict(votes)} if others else {})


def _rating(task: Task) -> Made:
    given: dict[str, Counter[int]] = {}
    highest = 5
    for results in task.of_type("rating"):
        for result in results:
            stars = _stars(result)
            highest = max(highest, stars)
            given.setdefault(slug(str(result.get("from_name", "rating"))) or "rating", Counter())[stars] += 1
    levels = [{"level": n, "descriptor": f"{n} of {highest} stars."} for n in range(1, highest + 1)]
    named = [(name, name.replace("-", " ").capitalize()) for name in given]
    criteria = [
        {"id": id, "title": title, "question": f"{title}: how many stars?", "levels": levels} for id, title in named
    ]
    prompt = task.data.get("prompt") or task.data.get("question") or "Rate the text."
    content = {"task": str(prompt), "response": task.text("text", "response", "answer"), "criteria": criteria}
    key = {name: dict(votes) if len(votes) > 1 else next(iter(votes)) for name, votes in given.items()}
    return "rubric-score", content, {"levels": key}


def _span(text: str, result: Result, ids: Mapping[str, str]) -> dict[str, Any]:
    labels = chosen(result, "labels")
    if len(labels) != 1:
        raise TaskFault(f"a span carries {len(labels)} labels; one is expected")
    value = result["value"]
    start, end = code_points(text, value.get("start"), value.get("end"), value.get("text"))
    return {"start": start, "end": end, "category": _named(ids, labels[0])}


def _as_spans(spans: Sequence[tuple[int, int, str]]) -> list[dict[str, Any]]:
    return [{"start": start, "end": end, "category": category} for start, end, category in spans]


def _side(results: Sequence[Result]) -> str:
    for result in results:
        value = result.get("value")
        if result.get("type") == "pairwise" and isinstance(value, dict):
            return SIDES.get(str(value.get("selected")), "equal")
    raise TaskFault("an annotation compares nothing; a result of type pairwise is expected")


def _side_text(task: Task, *names: str) -> str:
    for name in names:
        if isinstance(task.data.get(name), str) and task.data[name].strip():
            return str(task.data[name])
    raise TaskFault(f"data has none of {', '.join(names)}")


def _stars(result: Result) -> int:
    value = result.get("value")
    stars = value.get("rating") if isinstance(value, dict) else None
    if not isinstance(stars, int) or isinstance(stars, bool) or not 1 <= stars <= 10:
        raise TaskFault("a rating should be a whole number from 1 to 10")
    return stars


def _named(ids: Mapping[str, str], text: str) -> str:
    if text not in ids:
        raise TaskFault(f"“{text[:60]}” is not among {', '.join(ids)[:200]}")
    return ids[text]


def _identifiers(labels: Sequence[str]) -> dict[str, str]:
    """An identifier for each label; labels that differ in signs only get a number."""
    ids: dict[str, str] = {}
    for number, label in enumerate(labels, start=1):
        id = slug(label) or f"label-{number}"
        ids[label] = id if id not in ids.values() else f"{id[:50]}-{number}"
    return ids
