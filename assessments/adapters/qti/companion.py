"""The companion file of a package, assay.json: what QTI has no place for, by item; other systems leave it alone."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assessments.adapters.qti.question import Draft

NAME = "assay.json"
MOST_BYTES = 12_000_000


class CompanionItem(BaseModel):
    """What of one item stands beside its QTI file.

    `content`, `key` and `rationale` are what is not read back from the file as it was written; `digest` is the file's
    SHA-256 in hexadecimal, by which we know whether another system has changed it since.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    digest: str
    use: str
    skill: str = ""
    difficulty: str = ""
    rationale: str | None = None
    content: dict[str, Any] = {}
    key: dict[str, Any] = {}
    sources: tuple[dict[str, Any], ...] = ()
    temptations: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    provenance: dict[str, Any] | None = None
    attribution: dict[str, Any] | None = None


class Companion(BaseModel):
    """The file as a whole: its format, and its items by their identifiers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["assay-companion-1"] = "assay-companion-1"
    items: dict[str, CompanionItem] = {}


class InvalidCompanion(ValueError):
    """The companion file is none that we wrote; the message says what was wrong."""


def digest_of(data: bytes) -> str:
    """Return the digest by which a changed file is known."""
    return sha256(data).hexdigest()


def parse_companion(data: bytes) -> Companion:
    """Return a companion file; raise InvalidCompanion for anything that is none."""
    try:
        return Companion.model_validate(json.loads(data))
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise InvalidCompanion(f"{where[:80]}: {first['msg']}") from None
    except (ValueError, RecursionError) as fault:
        raise InvalidCompanion(f"it is no JSON: {fault}") from None


def write_companion(items: Mapping[str, CompanionItem]) -> bytes:
    """Return the companion file; the same items are always the same bytes."""
    companion = Companion(items=dict(items)).model_dump(mode="json", exclude_defaults=True)
    whole = {"format": Companion().format, "items": companion.get("items", {})}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def fields_of(draft: Draft, said: CompanionItem | None, is_unchanged: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return content and key of a draft, completed by its companion.

    Of a file that was not changed, the companion has the last word. Of a changed one it only adds fields that the
    file does not have, for what somebody edited elsewhere must not be undone.
    """
    told = {"content": said.content, "key": said.key} if said is not None and said.type == draft.type else {}
    whole: list[dict[str, Any]] = []
    for part, read in (("content", draft.content), ("key", draft.key)):
        ours, otherwise = told.get(part, {}), draft.otherwise.get(part, {})
        whole.append({**otherwise, **read, **ours} if is_unchanged else {**otherwise, **ours, **read})
    return whole[0], whole[1]
