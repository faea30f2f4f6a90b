"""The form of a test's terms: rows of skills and sections, numbers as people type them; nothing typed is lost."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.models.items import Difficulty
from assessments.web.views.answers import whole_number

ROWS: Mapping[str, tuple[str, ...]] = {
    "skills": ("id", "title", "summary"),
    "sections": ("title", "skill", "type", "count", *(band.value for band in Difficulty)),
}
MOST_ROWS = 40
_LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", re.ASCII)

Form = MultiDict[str, str]


def read_terms(form: Form, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The raw terms that a posted form states; what the form does not show (a panel's ratings, the renewal) is kept."""
    cut = {name: form.get(f"cut_{name}", "") for name in ("method", "panel")}
    return {
        "title": form.get("title", "").strip(),
        "summary": form.get("summary", "").strip(),
        "bank": form.get("bank", "").strip() or None,
        "skills": _rows(form, "skills"),
        "sections": [_section(row) for row in _rows(form, "sections")],
        "time_limit": {"minutes": whole_number(form.get("minutes", "")), "basis": form.get("basis", "").strip()},
        "cut_score": {
            "score": _fraction(form.get("cut_score", "")),
            **cut,
            "ratings": dict(kept.get("cut_score", {}).get("ratings", {})),
        },
        "retake": _retake(form),
        "agreement_floor": _fraction(form["agreement_floor"]) if form.get("agreement_floor", "").strip() else None,
        "pilot_items": whole_number(form.get("pilot_items", "0")),
        "release": _release(form),
        **_forms_part(form),
        **({"renewal": kept["renewal"]} if kept.get("renewal") else {}),
    }


def change_rows(terms: dict[str, Any], wish: str) -> dict[str, Any]:
    """The terms with a row more or less, as a button asks: `add:sections`, `remove:skills:2` (counted from 0)."""
    verb, _, rest = wish.partition(":")
    name, _, number = rest.partition(":")
    if name not in ROWS:
        return terms
    rows = list(terms[name])
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append({} if name == "skills" else {"count": 1, "difficulty": None})
    elif verb == "remove" and number.isdecimal() and int(number) < len(rows):
        del rows[int(number)]
    return {**terms, name: rows}


def shown_rows(terms: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows of skills or sections as the form shows them, every field as text."""
    rows = [row for row in terms.get(name) or [] if isinstance(row, dict)]
    return [{field: _text(_value(row, field)) for field in ROWS[name]} for row in rows]


def percent(value: object) -> str:
    """A fraction as the percent that people type; what is no number stays as it was typed."""
    if isinstance(value, int | float):
        return f"{Decimal(str(value)) * 100:f}".rstrip("0").rstrip(".") or "0"
    return _text(value)


def shown_release(terms: Mapping[str, Any]) -> tuple[str, str]:
    """How results are released, and the date in UTC as its control takes it; what is no date stays as it was typed."""
    stated = terms.get("release") or "at-once"
    if not isinstance(stated, dict):
        return str(stated), ""
    typed = _text(stated.get("on"))
    try:
        return "on-date", datetime.fromisoformat(typed).astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        return "on-date", typed


def _release(form: Form) -> str | dict[str, str]:
    """The raw policy; the control of a date states no time zone, the page says that it is UTC."""
    way = form.get("release", "at-once")
    if way != "on-date":
        return way
    typed = form.get("release_on", "").strip()
    return {"on": f"{typed}Z" if _LOCAL_TIME.fullmatch(typed) else typed}


def shown_forms_part(terms: Mapping[str, Any]) -> dict[str, str]:
    """What the terms say of their forms, as people type it: names by spaces, a set a line, bounds in percent."""
    exposure = terms.get("exposure") or {}
    return {
        "must_include": " ".join(terms.get("must_include") or ()),
        "never_together": "\n".join(" ".join(group) for group in terms.get("never_together") or ()),
        "exposure_cap": percent(exposure.get("cap")),
        "exposure_overlap": percent(exposure.get("overlap")),
    }


def _forms_part(form: Form) -> dict[str, Any]:
    """What the form says of forms; what is left empty leaves no trace in the terms."""
    groups = [_names(line) for line in form.get("never_together", "").splitlines()]
    bounds = {name: form.get(f"exposure_{name}", "").strip() for name in ("cap", "overlap")}
    stated: dict[str, Any] = {
        "must_include": _names(form.get("must_include", "")),
        "never_together": [group for group in groups if group],
        "exposure": {name: _fraction(typed) for name, typed in bounds.items() if typed},
    }
    return {name: value for name, value in stated.items() if value}


def _names(typed: str) -> list[str]:
    """Names that people part by spaces, commas or semicolons."""
    return [name for name in re.split(r"[\s,;]+", typed) if name]


def _value(row: Mapping[str, Any], field: str) -> object:
    if field in set(Difficulty):
        return (row.get("difficulty") or {}).get(field)
    return row.get(field)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _rows(form: Form, name: str) -> list[dict[str, Any]]:
    count = min(MOST_ROWS, form.get(f"{name}-rows", default=0, type=int))
    return [{field: form.get(f"{name}-{n}-{field}", "").strip() for field in ROWS[name]} for n in range(count)]


def _retake(form: Form) -> dict[str, Any]:
    numbers = {name: whole_number(form.get(name, "")) for name in ("tries", "window_days", "cool_down_hours")}
    return {**numbers, "study_first": True} if form.get("study_first") else numbers


def _section(row: Mapping[str, str]) -> dict[str, Any]:
    bands = {band.value: row[band.value] for band in Difficulty}
    difficulty = {band: whole_number(typed or "0") for band, typed in bands.items()} if any(bands.values()) else None
    named = {name: row[name] for name in ("title", "skill", "type")}
    return {**named, "count": whole_number(row["count"]), "difficulty": difficulty}


def _fraction(typed: str) -> float | str:
    """A percent as a fraction; what is no number is kept for the terms to refuse."""
    try:
        number = Decimal(typed.strip().removesuffix("%").replace(",", "."))
    except InvalidOperation:
        return typed
    return float(number / 100) if number.is_finite() else typed
