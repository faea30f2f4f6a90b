"""What a certificate's row says, held against what was committed to for it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Row

AnyRow = Row[*tuple[Any, ...]]


def find_differences(row: AnyRow, content: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    """Each statement that differs: what it is about, what was committed to, what the row says.

    What is not formed as ours differs as a whole.
    """
    try:
        signed, said = dict(_of_content(content)), dict(_of_row(row))
    except (AttributeError, LookupError, TypeError, ValueError):
        yield "form", "what can be compared", "something else"
        return
    for name, value in said.items():
        if signed[name] != value:
            yield name, signed[name], value


def _of_content(content: dict[str, Any]) -> Iterator[tuple[str, object]]:
    subject = content["credentialSubject"]
    achievement = subject["achievement"]
    titles = {each["id"]: each["name"] for each in achievement["resultDescription"]}
    overall, *skills = [(titles[each["resultDescription"]], each["value"]) for each in subject["result"]]
    yield "certificate", content["id"].partition("/certificates/")[2].partition("/")[0]
    yield "holder_name", subject["identifier"][0]["identityHash"]
    yield "achievement", (content["name"], achievement["description"], achievement["criteria"]["narrative"])
    yield "issued_at", content["validFrom"]
    yield "valid_until", content["validUntil"]
    yield "score", overall[1]
    yield "cut_score", achievement["resultDescription"][0]["requiredValue"]
    yield "skills", skills


def _of_row(row: AnyRow) -> Iterator[tuple[str, object]]:
    yield "certificate", row.id
    yield "holder_name", row.holder_name
    yield "achievement", (row.achievement, row.description, row.criteria)
    yield "issued_at", _second(row.issued_at)
    yield "valid_until", _second(row.valid_until)
    yield "score", _percent(row.score)
    yield "cut_score", _percent(row.cut_score)
    yield "skills", [(skill["title"], _percent(Fraction(skill["score"]))) for skill in row.skills]


def _second(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _percent(score: Fraction) -> str:
    """Cut off, never rounded up."""
    return str(int(score * 100))
