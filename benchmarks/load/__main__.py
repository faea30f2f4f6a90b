"""Measures the real server and prints tables: `make bench`, or

    .venv/bin/python -m benchmarks.load --databases sqlite,postgresql --learners 1,4,16,64 --levels 1000,100000

PostgreSQL needs TEST_DATABASE_URL to name a server with pg_stat_statements. Writes build/bench.json, build/bench.md and
charts beside them; ends with 1 when anything went wrong, and not when a budget is missed.
"""

import argparse
import json
import os
import platform
import sys
from pathlib import Path

from benchmarks.load.budgets import count_errors
from benchmarks.load.charts import write_charts
from benchmarks.load.figures import Figures
from benchmarks.load.plan import measure
from benchmarks.load.table import report
from benchmarks.load.track import ROOT


def main() -> int:
    chosen = _arguments()
    kinds = [kind for kind in chosen.databases.split(",") if kind]
    print("== measuring", flush=True)
    levels = [int(level) for level in chosen.levels.split(",") if level]
    learners = [int(number) for number in chosen.learners.split(",")]
    figures: Figures = {"machine": _machine(), "databases": {}}
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    try:
        for kind in kinds:
            found = figures["databases"][kind] = Figures()
            measure(kind, learners, levels, found)
    finally:  # what was measured until something failed is not lost
        (build / "bench.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    (build / "bench.md").write_text(report(figures), encoding="utf-8")
    print(report(figures))
    print(
        "written: build/bench.json, build/bench.md, "
        + ", ".join(f"build/{p.name}" for p in write_charts(figures, build))
    )
    return 1 if _tell_errors(figures) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--databases", default="sqlite,postgresql" if "TEST_DATABASE_URL" in os.environ else "sqlite")
    parser.add_argument("--learners", default="1,4,16,64", help="how many learn at the same time, one round each")
    parser.add_argument(
        "--levels", default="1000,100000", help="past attempts in the database, on PostgreSQL; none: ''"
    )
    return parser.parse_args()


def _machine() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    python = platform.python_version()
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, Python {python}; load average before the run {load:.1f}"


def _tell_errors(figures: Figures) -> int:
    """Every fault with how often it was seen."""

    def walk(value: object, place: str) -> None:
        if isinstance(value, list):
            for number, part in enumerate(value):
                walk(part, f"{place}[{number}]")
        elif isinstance(value, dict):
            for name, part in value.items():
                if name == "errors" and part:
                    print(*(f"{place}: {count} × {fault}" for fault, count in part.items()), sep="\n", file=sys.stderr)
                walk(part, f"{place} {name}".strip())

    walk(figures["databases"], "")
    return count_errors(figures["databases"])


if __name__ == "__main__":
    sys.exit(main())
