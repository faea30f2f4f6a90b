"""The table of a run: for each kind of fault how often it struck, what was sent and acknowledged, what was lost."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.chaos.rounds import Report

_SUMS = (
    "struck", "attempts", "sent", "acknowledged", "late", "lost", "gave_up", "server_errors", "unavailable",
    "restarts", "certificates",
)  # fmt: skip
_TITLES = {
    "rounds": "rounds", "struck": "struck", "attempts": "attempts", "sent": "answers sent",
    "acknowledged": "acknowledged", "late": "kept as late", "lost": "lost", "double_submits": "double submits",
    "double_certificates": "double certificates", "violations": "violations", "gave_up": "gave up",
    "server_errors": "500", "unavailable": "503", "slowest": "slowest answer, s",
}  # fmt: skip
_RULES = {
    "double_submits": ("one submit", "one start", "one result"),
    "double_certificates": ("one certificate a pass",),
}


def rows(reports: Iterable[Report]) -> list[dict[str, Any]]:
    """One row for each database and kind, in the order of the run, and one for all of a database."""
    groups: dict[tuple[str, str], list[Report]] = {}
    for report in reports:
        groups.setdefault((report.database, report.kind), []).append(report)
    databases = list(dict.fromkeys(database for database, _ in groups))
    found = []
    for database in databases:
        own = {kind: each for (where, kind), each in groups.items() if where == database}
        found += [_row(database, kind, each) for kind, each in own.items()]
        found.append(_row(database, "all", [report for each in own.values() for report in each]))
    return found


def _row(database: str, kind: str, reports: list[Report]) -> dict[str, Any]:
    row: dict[str, Any] = {"database": database, "kind": kind, "rounds": len(reports)}
    row |= {name: sum(getattr(report, name) for report in reports) for name in _SUMS}
    broken = [violation.rule for report in reports for violation in report.violations]
    row |= {name: sum(rule in rules for rule in broken) for name, rules in _RULES.items()}
    row["violations"] = len(broken)
    row["slowest"] = round(max(report.slowest for report in reports), 2)
    return row


def as_markdown(reports: Iterable[Report]) -> str:
    """The rows as tables that Markdown shows, one a database."""
    parts = []
    by_database: dict[str, list[dict[str, Any]]] = {}
    for row in rows(reports):
        by_database.setdefault(row["database"], []).append(row)
    for database, own in by_database.items():
        lines = [f"| {database} | " + " | ".join(_TITLES.values()) + " |"]
        lines.append("|---|" + "---:|" * len(_TITLES))
        lines += [f"| {row['kind']} | " + " | ".join(str(row[name]) for name in _TITLES) + " |" for row in own]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def write_json(reports: list[Report], seed: str, path: Path) -> None:
    """The same for programs, with every violation."""
    path.parent.mkdir(exist_ok=True)
    violations = [{"kind": r.kind, "seed": r.seed, **asdict(v)} for r in reports for v in r.violations]
    path.write_text(json.dumps({"seed": seed, "rows": rows(reports), "violations": violations}, indent=1) + "\n")
