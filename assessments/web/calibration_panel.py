"""The panel on course and test pages that leads to the calibration of the same name."""

from typing import Any
from uuid import UUID

from flask import render_template

from assessments.queries.calibration import find_invitation
from lms.web.transactions import reading


def on_course(*, track_slug: str, person_id: UUID | None, **_facts: Any) -> str:
    """On a course: its calibration, when there is one."""
    return _panel(track_slug, person_id)


def before_test(*, test_slug: str, person_id: UUID | None, **_facts: Any) -> str:
    """On a test, before the start: the calibration to make first, when there is one."""
    return _panel(test_slug, person_id)


def _panel(slug: str, person_id: UUID | None) -> str:
    """One statement; an empty string without a calibration."""
    with reading() as session:
        invitation = find_invitation(session, slug, person_id=person_id)
    return render_template("assessments/panels/calibration.html", invitation=invitation) if invitation else ""
