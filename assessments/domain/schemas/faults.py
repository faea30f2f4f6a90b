"""Says in one sentence what is wrong with a value that came from outside."""

from pydantic import BaseModel, ValidationError

from assessments.domain.schemas.base import echo

# What pydantic says in the words of Python, said in the words of whoever sent the value.
EXPECTED = {
    "string_pattern_mismatch": "should be lower case letters and digits, joined by hyphens",
    "frozen_set_type": "should be a list",
    "tuple_type": "should be a list",
    "dict_type": "should be an object",
    "model_type": "should be an object",
    "invalid_key": "should be text",
}


def describe_fault(fault: ValidationError, model: type[BaseModel]) -> str:
    """Return a sentence that names the first faulty field and what was expected of it.

    Of what came from outside, only names of fields are repeated, and at most 80 characters of them.
    """
    first = fault.errors(include_url=False, include_input=False)[0]
    field = echo(".".join(str(step) for step in first["loc"] if step != "[key]"))
    if first["type"] == "extra_forbidden":
        return f"{field} is not a field of the response; its fields are {', '.join(model.model_fields)}"
    if first["type"] == "missing":
        return f"{field} is missing"
    if first["type"] == "value_error":
        return str(first["ctx"]["error"])
    return f"{field or 'the response'} {EXPECTED.get(first['type']) or _expectation(first['msg'])}"


def _expectation(message: str) -> str:
    """What remains of "Frozenset should have at most 10 items after validation, not more"."""
    return message.partition(" ")[2].partition(" after validation")[0]
