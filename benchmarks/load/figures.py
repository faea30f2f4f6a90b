"""Rounds as plain figures, ready for JSON."""

from typing import Any

from benchmarks.load.learner import Took
from benchmarks.load.measures import percentile
from benchmarks.load.rounds import Round

Figures = dict[str, Any]
ATTEMPT_PAGES = "attempt page"


def round_figures(seen: Round) -> Figures:
    """What a round of attempts came to; costs are for one finished attempt."""
    attempts = max(1, seen.attempts)
    figures = {
        "learners": seen.learners,
        "attempts": seen.attempts,
        "seconds": seen.seconds,
        "attempts_per_second": seen.attempts / seen.seconds,
        "requests_per_second": len(seen.took) / seen.seconds,
        "requests_per_attempt": len(seen.took) / attempts,
        "cpu_seconds_per_attempt": seen.usage.total / attempts,
        "cpu_seconds_web": seen.usage.web / attempts,
        "cpu_seconds_worker": seen.usage.worker / attempts,
        "cpu_seconds_database": seen.usage.database / attempts,
        "cpu_seconds_driver": seen.driver_seconds / attempts,
        "bytes_per_attempt": sum(each.size for each in seen.took) / attempts,
        "all_requests": times(seen.took),
        "steps": {step: times(took) | {"bytes": _mean_size(took)} for step, took in seen.by_step().items()},
        "largest_attempt_page": max((t.size for t in seen.took if t.step.startswith(ATTEMPT_PAGES)), default=0),
        "errors": dict(seen.errors),
    }
    if seen.executed is not None:
        figures["statements_per_attempt"] = seen.executed.statements / attempts
        figures["transaction_bounds_per_attempt"] = seen.executed.bounds / attempts
    return figures


def saves_figures(seen: Round) -> Figures:
    """What a round of saves came to; costs are for one save."""
    count = max(1, len(seen.took))
    figures = {
        "learners": seen.learners,
        "saves": len(seen.took),
        "saves_per_second": len(seen.took) / seen.seconds,
        "cpu_ms_per_save": 1000 * seen.usage.total / count,
        "cpu_ms_web": 1000 * seen.usage.web / count,
        "cpu_ms_database": 1000 * seen.usage.database / count,
        "errors": dict(seen.errors),
        **times(seen.took),
    }
    if seen.executed is not None:
        figures["statements_per_save"] = seen.executed.statements / count
    return figures


def exam_figures(seen: Round, within: float) -> Figures:
    """What an exam start came to: from the press of the button until page 1 is there."""
    return {
        "people": seen.learners,
        "within_seconds": within,
        "started": seen.attempts,
        "cpu_ms_per_start": 1000 * seen.usage.total / max(1, seen.attempts),
        "errors": dict(seen.errors),
        **times(seen.took),
    }


def times(took: list[Took]) -> Figures:
    """Number, and percentiles in milliseconds."""
    values = [1000 * each.seconds for each in took]
    return {"count": len(values), **{f"p{share:g}": percentile(values, share / 100) for share in (50, 95, 99)}}


def _mean_size(took: list[Took]) -> float:
    return sum(each.size for each in took) / len(took)
