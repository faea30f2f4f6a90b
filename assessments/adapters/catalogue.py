"""The part of a catalogue that belongs to assessments: checked, and handed over for publishing."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from assessments.adapters.catalogue_calibration import read_calibration
from assessments.adapters.catalogue_items import CatalogueItem, read_items
from assessments.adapters.catalogue_tests import TestEntry, read_test
from assessments.domain.scores import exact
from assessments.domain.simple_strategies import measure_simple_strategies
from assessments.models.items import ItemUse
from lms.catalogue.findings import Findings


def read_track(track: Path, findings: Findings) -> tuple[Mapping[str, CatalogueItem], TestEntry | None]:
    """The items and the test of a track."""
    items = read_items(track, findings)
    return items, read_test(track, items, findings)


def check_track(track: Path, findings: Findings) -> list[str]:
    """Check items, test and calibration of a track; the report counts the items and scores the simple strategies."""
    items, test = read_track(track, findings)
    lines = [f"{track.name}: {len(items)} items", *_counts(items)]
    if calibration := read_calibration(track, items, findings):
        standard = calibration.standard
        lines.append(
            f"  calibration {_shown(standard.agreement)} over {standard.window} of {len(calibration.gold)} items"
        )
    if test is not None:
        lines += _check_strategies(track, items, test, findings)
    return lines


def _counts(items: Mapping[str, CatalogueItem]) -> list[str]:
    counts = Counter((item.use.value, item.type, item.entry.difficulty.value) for item in items.values())
    return [f"  {use:9} {type:15} {band:7} {count:3}" for (use, type, band), count in sorted(counts.items())]


def _check_strategies(
    track: Path, items: Mapping[str, CatalogueItem], test: TestEntry, findings: Findings
) -> list[str]:
    pool = [(item.type, item.content, item.key) for item in items.values() if item.use is ItemUse.TEST]
    measured = measure_simple_strategies(pool, test.blueprint.sections)
    cut = exact(test.cut_score.score)
    lines = [f"  cut score {_shown(cut)}; what a strategy without understanding scores on the test pool:"]
    lines += [f"    {_shown(s.score)}  {s.type}: {s.strategy}" for s in measured.scores]
    lines.append(f"    {_shown(measured.mixture_score)}  the best of each type together")
    if measured.passes(cut):
        best = "; ".join(f"{s.type}: {s.strategy}" for s in measured.mixture)
        findings.add(
            track / "test.yaml",
            1,
            f"a simple strategy passes: {best} scores {_shown(measured.mixture_score)}, the cut is {_shown(cut)}",
        )
    for score in measured.scores:
        if score.score >= cut:
            message = f"a simple strategy passes on {score.type} items: {score.strategy} scores {_shown(score.score)}"
            findings.add(track / "test.yaml", 1, f"{message}, the cut is {_shown(cut)}")
    return lines


def _shown(score: Fraction) -> str:
    return f"{float(score):.3f}"
