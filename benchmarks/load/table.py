"""The figures as tables of Markdown, which read well on a terminal too."""

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.load.budgets import budgets
from benchmarks.load.figures import Figures


def report(figures: Figures) -> str:
    """Everything, database by database."""
    parts = [f"Machine: {figures['machine']}"]
    for kind, found in figures["databases"].items():
        parts += [f"## {kind}", *_sections(found)]
    return "\n\n".join(parts) + "\n"


def _sections(found: Figures) -> Iterator[str]:
    yield "### Budgets\n\n" + _budgets(found)
    yield "### Attempts\n\n" + _rounds(found)
    last = found["rounds"][-1]
    for each in dict.fromkeys((min(2, len(found["rounds"]) - 1), len(found["rounds"]) - 1)):
        last = found["rounds"][each]
        yield f"### Each step at {last['learners']} learners\n\n" + _steps(last)
    yield "### Inside one process, one learner\n\n" + _statements(found)
    yield "### Apart\n\n" + _apart(found)
    if "growth" in found:
        yield "### Past attempts in the database\n\n" + _growth(found)


def _budgets(found: Figures) -> str:
    rows = [
        [
            each.title,
            f"{each.value:.3g} {each.unit}".strip(),
            f"{'at least' if each.is_floor else 'at most'} {each.limit:g} {each.unit}".strip(),
            "met" if each.is_met else "**missed**",
        ]
        for each in budgets(found)
    ]
    return _table(["figure", "measured", "budget", ""], rows)


def _rounds(found: Figures) -> str:
    heads = ["learners", "attempts/s", "requests/s", "CPU s an attempt", "web", "worker", "database", "driver apart"]
    heads += ["p50 ms", "p95 ms", "p99 ms", "SQL an attempt", "kB an attempt", "errors"]
    named = [(str(each["learners"]), each) for each in found["rounds"]]
    return _table(heads, (_round(name, each) for name, each in [*named, ("16, no script", found["without_script"])]))


def _round(name: str, each: Figures) -> list[str]:
    cpu = [each[f"cpu_seconds_{part}"] for part in ("per_attempt", "web", "worker", "database", "driver")]
    return [
        name,
        f"{each['attempts_per_second']:.1f}",
        f"{each['requests_per_second']:.0f}",
        *(f"{seconds:.4f}" for seconds in cpu),
        *(f"{each['all_requests'][share]:.1f}" for share in ("p50", "p95", "p99")),
        f"{each['statements_per_attempt']:.0f}" if "statements_per_attempt" in each else "",
        f"{each['bytes_per_attempt'] / 1000:.0f}",
        str(sum(each["errors"].values())),
    ]


def _steps(one: Figures) -> str:
    rows = (
        [
            step,
            f"{took['count'] / one['attempts']:g}",
            *(f"{took[share]:.1f}" for share in ("p50", "p95", "p99")),
            f"{took['bytes'] / 1000:.1f}",
        ]
        for step, took in one["steps"].items()
    )
    return _table(["step", "an attempt", "p50 ms", "p95 ms", "p99 ms", "kB sent"], rows)


def _statements(found: Figures) -> str:
    rows = [
        [name, f"{step['requests']:g}", f"{step['statements']:.2f}", f"{step['cpu_ms']:.2f}"]
        for name, step in found["statements"].items()
    ]
    steps = found["statements"].values()
    total = sum(step["requests"] * step["statements"] for step in steps)
    cpu = sum(step["requests"] * step["cpu_ms"] for step in steps)
    rows.append(["**an attempt**", f"{sum(step['requests'] for step in steps):g}", f"{total:.1f}", f"{cpu:.1f}"])
    return _table(["request", "an attempt", "SQL statements each", "CPU ms each"], rows)


def _apart(found: Figures) -> str:
    paced, unpaced, exam = found["saves_paced"], found["saves_unpaced"], found["exam"]
    certificates, memory = found["certificates"], found["memory"]
    rows = [
        ["saves, 16 learners, each 5 a second", _times(paced), f"{paced['cpu_ms_per_save']:.2f} ms CPU a save"],
        [
            "saves, 16 learners without a pause",
            _times(unpaced),
            f"{unpaced['saves_per_second']:.0f} saves/s, {unpaced['cpu_ms_per_save']:.2f} ms CPU a save",
        ],
        [
            f"{exam['people']} start within {exam['within_seconds']:g} s: start to page 1",
            _times(exam),
            f"{exam['cpu_ms_per_start']:.1f} ms CPU a start with its page",
        ],
        [
            "attempts that earn a certificate, its PDF included",
            "",
            f"{certificates['cpu_seconds_per_attempt']:.3f} s CPU an attempt, of it the worker "
            f"{certificates['cpu_seconds_worker']:.3f} s",
        ],
        ["memory (PSS)", "", ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in memory.items() if size)],
        [
            "assets of an attempt page",
            "",
            f"{found['assets']['total'] / 1000:.1f} kB in {len(found['assets']['files'])} files",
        ],
    ]
    return _table(["what", "p50 / p95 / p99", "cost"], rows)


def _growth(found: Figures) -> str:
    heads = ["past attempts", "database", "filled in", "CPU s an attempt", "of it database", "attempts/s"]
    rows = (
        [
            f"{each['level']:,}",
            f"{each['database_bytes'] / 1e9:.2f} GB",
            f"{each['fill_seconds']:.0f} s",
            f"{each['cpu_seconds_per_attempt']:.4f}",
            f"{each['cpu_seconds_database']:.4f}",
            f"{each['attempts_per_second']:.1f}",
            *(f"{each['all_requests'][share]:.1f}" for share in ("p50", "p95", "p99")),
            f"{each['statements_per_attempt']:.0f}",
        ]
        for each in found["growth"]
    )
    return _table([*heads, "p50 ms", "p95 ms", "p99 ms", "SQL an attempt"], rows)


def _times(each: Figures) -> str:
    return " / ".join(f"{each[share]:.1f}" for share in ("p50", "p95", "p99")) + " ms"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [list(heads), *map(list, rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    written = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    return "\n".join([written[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *written[1:]])
