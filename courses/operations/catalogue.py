"""The catalogue's courses: checking track folders and loading them."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from courses.adapters.track_checks import check_track
from courses.adapters.track_files import read_track
from courses.operations.publishing import publish_course
from lms.catalogue.findings import Findings
from lms.catalogue.readers import Catalogue
from lms.errors import Invalid


def check_courses(catalogue: Catalogue, findings: Findings) -> list[str]:
    """Add a finding for every fault; returns one line a course for the report."""
    report = []
    for folder in catalogue.tracks:
        track = check_track(folder, findings)
        if track.draft is not None:
            practice = sum(len(lesson.practice) for lesson in track.draft.lessons)
            minutes = sum(lesson.minutes for lesson in track.draft.lessons)
            report.append(
                f"{track.draft.slug}: {len(track.lessons)} lessons of {minutes} minutes with {practice} practice items"
            )
    return report


def load_courses(session: Session, catalogue: Catalogue, at: datetime) -> list[str]:
    """Publish what is new or changed. Raises Invalid for a faulty course, which a check would have named."""
    return [_load(session, folder, at) for folder in catalogue.tracks]


def _load(session: Session, folder: Path, at: datetime) -> str:
    findings = Findings()
    draft = read_track(folder, findings).draft
    if draft is None or findings:
        first = next(iter(findings.sorted()), folder)
        raise Invalid(f"the course cannot be loaded: {first}")
    number = publish_course(session, draft=draft, at=at)
    state = "unchanged" if number is None else f"now version {number}"
    return f"course {draft.slug}: {len(draft.lessons)} lessons, {state}"
