"""Runs rounds of faults by seed and prints what held: python -m tests.chaos."""

import argparse
import random
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
from tqdm import tqdm

from tests.chaos import table
from tests.chaos.kinds import BOTH, KINDS, Kind, by_name
from tests.chaos.rounds import CANDIDATES, Report, run_round, verify_all
from tests.chaos.worlds import World, make_world

BUILD = Path(__file__).parents[2] / "build"


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers and disks are cleared away
    chosen = _arguments()
    seed = chosen.seed or f"{random.SystemRandom().getrandbits(32):08x}"
    kinds = [by_name(name.strip()) for name in chosen.kinds.split(",")] if chosen.kinds else list(KINDS)
    click.echo(f"Seed {seed}; again: make chaos SEED={seed}")
    reports: list[Report] = []
    try:
        for database in chosen.databases.replace(",", " ").split():
            with make_world(database) as world:
                end = time.monotonic() + chosen.minutes * 60 if chosen.minutes else None
                _run(world, kinds, seed, reports, rounds=chosen.rounds, end=end, candidates=chosen.candidates)
                reports.append(verify_all(world, seed))
                if any(report.violations for report in reports):
                    _keep_log(world)
    finally:  # whoever stops a long run wants to see how far it came
        _tell(reports, seed)
    sys.exit(any(report.violations for report in reports))


def _tell(reports: list[Report], seed: str) -> None:
    click.echo(table.as_markdown(reports))
    table.write_json(reports, seed, BUILD / "chaos.json")
    for report in reports:
        for violation in report.violations:
            click.echo(f"{report.database}, {report.kind}, seed {report.seed}: {violation}")


def _run(
    world: World,
    kinds: list[Kind],
    seed: str,
    reports: list[Report],
    *,
    rounds: int,
    end: float | None,
    candidates: int,
) -> None:
    """Run the rounds, and add what each did to the reports."""
    applying = [kind for kind in kinds if world.database in kind.databases]
    skipped = [kind.name for kind in applying if kind.needs_own_disk and not world.disk.is_own]
    if skipped:
        click.echo(f"Left out, because only root may mount a disk: {', '.join(skipped)}")
    planned = [(kind, number) for number in _numbers(rounds, end) for kind in applying if kind.name not in skipped]
    bar = tqdm(planned if end is None else _endless(applying, skipped), desc=world.database, unit=" rounds")
    for kind, number in bar:
        if end is not None and time.monotonic() > end:
            break
        bar.set_postfix_str(f"{kind.name}; lost {sum(report.lost for report in reports)}")
        report = run_round(world, kind, f"{seed}-{number}", candidates=candidates)
        reports.append(report)
        for violation in report.violations:
            bar.write(f"{report.kind}, seed {report.seed}: {violation}")
    bar.close()


def _numbers(rounds: int, end: float | None) -> range:
    return range(rounds) if end is None else range(0)


def _endless(kinds: list[Kind], skipped: list[str]) -> Iterator[tuple[Kind, int]]:
    number = 0
    while True:
        for kind in kinds:
            if kind.name not in skipped:
                yield kind, number
        number += 1


def _keep_log(world: World) -> None:
    BUILD.mkdir(exist_ok=True)
    (BUILD / f"chaos-{world.database}.log").write_bytes(world.server.log.read_bytes())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", default="", help="repeat a run; a new seed otherwise")
    parser.add_argument("--rounds", type=int, default=1, help="rounds of every kind")
    parser.add_argument("--minutes", type=float, default=0, help="for so long on each database, instead of rounds")
    parser.add_argument("--databases", default=" ".join(BOTH))
    parser.add_argument("--kinds", default="", help="names of kinds, with commas between; all otherwise")
    parser.add_argument("--candidates", type=int, default=CANDIDATES, help="at once")
    return parser.parse_args()


if __name__ == "__main__":
    main()
