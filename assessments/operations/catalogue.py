"""Loading the items, tests and calibrations of a catalogue."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from assessments.adapters.catalogue import check_track, read_track
from assessments.adapters.catalogue_calibration import TrackCalibration, read_calibration
from assessments.adapters.catalogue_items import CatalogueItem
from assessments.domain.scores import exact
from assessments.operations.publishing import Draft, publish_items
from assessments.operations.publishing_calibrations import publish_calibration, retire_calibration
from assessments.operations.publishing_tests import publish_test
from lms.catalogue.findings import Findings
from lms.catalogue.readers import Catalogue
from lms.errors import Invalid


def check_catalogue(catalogue: Catalogue, findings: Findings) -> list[str]:
    """Check every track; an id that two tracks use is a fault as well."""
    lines = [line for track in catalogue.tracks for line in check_track(track, findings)]
    seen: dict[str, CatalogueItem] = {}
    for track in catalogue.tracks if len(catalogue.tracks) > 1 else ():
        items, _test = read_track(track, Findings())
        for identifier, item in items.items():
            first = seen.setdefault(identifier, item)
            if first is not item:
                findings.add(item.path, item.line, f"id {identifier} is used in {first.path} as well")
    return lines


def load_catalogue(session: Session, catalogue: Catalogue, at: datetime) -> list[str]:
    """Publish every track; the lines say what was new.

    Raises Invalid for a faulty track, which a check would have named: half a bank would retire the other half.
    """
    return [_load_track(session, track, at) for track in catalogue.tracks]


def _load_track(session: Session, track: Path, at: datetime) -> str:
    findings = Findings()
    items, test = read_track(track, findings)
    calibration = read_calibration(track, items, findings)
    if findings:
        raise Invalid(f"the items cannot be loaded: {findings.sorted()[0]}")
    done = publish_items(session, bank=track.name, drafts=[_draft(item) for item in items.values()], at=at)
    is_new_test = test is not None and publish_test(
        session,
        slug=track.name,
        title=test.title,
        summary=test.summary,
        limit=timedelta(minutes=test.time_limit.minutes),
        cut_score=exact(test.cut_score.score),
        document=test.document(),
        at=at,
    )
    return (
        f"{track.name}: {done.items} items ({done.new_versions} new versions, {done.new_keys} new keys, "
        f"{done.retired} retired), test {'new version' if is_new_test else 'unchanged'}"
        f"{_load_calibration(session, track.name, calibration)}"
    )


def _load_calibration(session: Session, slug: str, calibration: TrackCalibration | None) -> str:
    if calibration is None:
        return ", calibration retired" if retire_calibration(session, slug=slug) else ""
    is_new = publish_calibration(
        session,
        slug=slug,
        title=calibration.title,
        summary=calibration.summary,
        standard=calibration.standard,
        items=calibration.gold,
    )
    return f", calibration {'new terms' if is_new else 'unchanged'}"


def _draft(item: CatalogueItem) -> Draft:
    entry = item.entry
    return Draft(
        identifier=entry.id,
        use=entry.use,
        type=item.type,
        skill=entry.skill,
        difficulty=entry.difficulty,
        content=item.content.model_dump(mode="json"),
        key=item.key.model_dump(mode="json"),
        rationale=entry.rationale,
        sources=[source.model_dump(mode="json", exclude_none=True) for source in entry.sources],
        temptations=dict(entry.temptations),
        tags=list(entry.tags),
        provenance=entry.provenance.model_dump(mode="json", exclude_none=True) if entry.provenance else None,
        attribution=entry.attribution.model_dump(mode="json", exclude_none=True) if entry.attribution else None,
    )
