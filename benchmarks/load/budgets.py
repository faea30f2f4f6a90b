"""The budgets, and what of them is met."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.load.figures import Figures

AT = 16  # learners at whom costs are judged


@dataclass(frozen=True, slots=True)
class Budget:
    """One figure that must stay below its limit, or above it."""

    title: str
    value: float
    limit: float
    unit: str
    is_floor: bool = False

    @property
    def is_met(self) -> bool:
        return self.value >= self.limit if self.is_floor else self.value <= self.limit


def budgets(figures: Figures) -> list[Budget]:
    """The budgets of one database, from its figures."""
    return list(_budgets(figures))


def _budgets(figures: Figures) -> Iterator[Budget]:
    one = round_at(figures["rounds"], AT)
    bare = figures["without_script"]
    steps = figures["statements"]
    yield Budget("CPU a finished attempt, sign-in included", one["cpu_seconds_per_attempt"], 0.05, "s")
    yield Budget("the same without script", bare["cpu_seconds_per_attempt"], 0.05, "s")
    best = max(each["attempts_per_second"] for each in [*figures["rounds"], bare])
    yield Budget("finished attempts, at best", best, 35, "/s", is_floor=True)
    sent = sum(step["requests"] * step["statements"] for step in steps.values())
    yield Budget("SQL statements an attempt", sent, 80, "")
    if "statements_per_attempt" in one:
        yield Budget("the same as PostgreSQL counts them", one["statements_per_attempt"], 80, "")
        yield Budget("the same without script", bare["statements_per_attempt"], 80, "")
    save = next(step for name, step in steps.items() if name.startswith("PUT"))
    yield Budget("SQL statements of a save, besides the sign-in's", save["statements"] - 1, 1, "")
    yield Budget("CPU a save", figures["saves_paced"]["cpu_ms_per_save"], 2, "ms")
    yield Budget(f"save, p95, {figures['saves_paced']['learners']} learners", figures["saves_paced"]["p95"], 15, "ms")
    yield Budget("200 start in 3 s: start to page 1, p95", figures["exam"]["p95"], 1000, "ms")
    yield Budget("largest attempt page, compressed", one["largest_attempt_page"] / 1000, 30, "kB")
    yield Budget("all assets of an attempt page, compressed", figures["assets"]["total"] / 1000, 60, "kB")
    yield Budget("memory of the web processes (PSS)", figures["memory"]["web"] / 1e6, 250, "MB")
    yield Budget("errors", count_errors(figures), 0, "")
    for growth in figures.get("growth", [])[1:]:
        ratio = growth["cpu_seconds_per_attempt"] / figures["growth"][0]["cpu_seconds_per_attempt"]
        yield Budget(f"cost at {growth['level']:,} past attempts against the fewest", ratio, 1.3, "×")


def round_at(rounds: list[Figures], learners: int) -> Figures:
    """The round with so many learners, or the one that comes nearest."""
    return min(rounds, key=lambda each: abs(each["learners"] - learners))


def count_errors(value: Any) -> int:
    """All errors anywhere in the figures."""
    if isinstance(value, list):
        return sum(map(count_errors, value))
    if not isinstance(value, dict):
        return 0
    inner = sum(count_errors(part) for name, part in value.items() if name != "errors")
    return inner + int(sum(value.get("errors", {}).values()))
