"""Raw response data, as the pages of all item types handle it: from a response, and from what was typed."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


def raw_data(response: BaseModel | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a response as its raw data; what was typed and refused is raw already, and shown again as it is."""
    return response.model_dump(mode="json") if isinstance(response, BaseModel) else response


def whole_number(typed: str) -> int | str:
    """Return the number that was typed; anything else is passed on for the schema to judge."""
    return int(typed) if WHOLE.fullmatch(typed) else typed
