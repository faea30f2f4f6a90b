"""Bodies and parameters: read strictly into their shapes, with every fault at its place."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from lms.api.problems import Fault, InvalidRequest, MalformedRequest, UnsupportedMediaType

Model = TypeVar("Model", bound=BaseModel)
MEDIA_TYPE = "application/json"
DEEPEST = 20  # levels of a body
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_MOST_FAULTS = 100  # that are told of one request


def read_document() -> Any:
    """The body as plain JSON values.

    Raises UnsupportedMediaType for another kind, MalformedRequest for what is no JSON; RequestEntityTooLarge comes by
    itself.
    """
    if request.mimetype != MEDIA_TYPE:
        raise UnsupportedMediaType(f"Send the body as {MEDIA_TYPE}.")
    try:
        text = request.get_data(cache=True).decode("utf-8")
        document = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_twins)
    except (ValueError, RecursionError) as fault:
        raise MalformedRequest(f"The body is not well-formed JSON in UTF-8: {fault}") from fault
    if _depth(document) > DEEPEST:
        raise MalformedRequest(f"The body is nested more than {DEEPEST} levels deep.")
    return document


def shaped(model: type[Model], document: Any) -> Model:
    """The document as the model has it. Raises InvalidRequest."""
    unsound = list(_unsound(document, ()))
    if unsound:
        raise InvalidRequest(unsound[:_MOST_FAULTS])
    try:
        return model.model_validate_json(request.get_data(cache=True), strict=True)
    except ValidationError as faults:
        raise InvalidRequest(_told(faults)) from faults


def refuse_query() -> None:
    """Raises InvalidRequest for any parameter behind the question mark: what is not read is not ignored either."""
    if request.args:
        raise InvalidRequest({"parameter": name, "message": "There is no such parameter."} for name in request.args)


def read_query(model: type[Model]) -> Model:
    """The parameters behind the question mark. Raises InvalidRequest, also for one that is unknown or given twice."""
    given = request.args.to_dict(flat=False)
    twice = [name for name, values in given.items() if len(values) > 1]
    if twice:
        raise InvalidRequest({"parameter": name, "message": "Give it once."} for name in twice)
    unsound = [name for name, values in given.items() if not _is_sound(name + values[0])]
    if unsound:
        raise InvalidRequest(
            {"parameter": name, "message": "It holds a character that no text has."} for name in unsound
        )
    try:
        return model.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as faults:
        raise InvalidRequest(
            {"parameter": ".".join(str(step) for step in fault["loc"]), "message": fault["msg"]}
            for fault in faults.errors(include_url=False, include_input=False)[:_MOST_FAULTS]
        ) from faults


def pointer(place: tuple[int | str, ...]) -> str:
    """A JSON pointer (RFC 6901) as a fragment, as RFC 9457 writes it."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)


def _told(faults: ValidationError) -> list[Fault]:
    listed: list[ErrorDetails] = faults.errors(include_url=False, include_input=False)
    return [{"pointer": pointer(fault["loc"]), "message": fault["msg"]} for fault in listed[:_MOST_FAULTS]]


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _refuse_twins(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Readers differ about which of two members of one name counts, so neither does."""
    document = dict(members)
    if len(document) != len(members):
        raise ValueError("an object has two members of one name")
    return document


def _depth(document: Any) -> int:
    depth, level = 0, [document]
    while level:
        depth += 1
        level = [inner for value in level for inner in _inside(value)]
    return depth


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _unsound(value: Any, place: tuple[int | str, ...]) -> Iterator[Fault]:
    """What JSON allows and no database stores: NUL, half of a surrogate pair, a number beyond all bounds."""
    if isinstance(value, str) and not _is_sound(value):
        yield {"pointer": pointer(place), "message": "The text holds a character that no text has."}
    elif isinstance(value, float) and not math.isfinite(value):
        yield {"pointer": pointer(place), "message": "The number is too large."}
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not _is_sound(name):
                yield {"pointer": pointer(place), "message": "A member's name holds a character that no text has."}
            else:
                yield from _unsound(inner, (*place, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unsound(inner, (*place, index))


def _is_sound(text: str) -> bool:
    return _NO_TEXT.search(text) is None
