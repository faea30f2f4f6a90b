"""The accommodation on the page of one's own account: what is granted, said to nobody else."""

from typing import Any
from uuid import UUID

from flask import render_template

from assessments.queries.accommodations import allowance_of, find_accommodation
from assessments.web.candidate.clock_words import granted
from lms.web.transactions import reading


def on_account(*, person_id: UUID, **_facts: Any) -> str:
    """Nothing where nothing is granted."""
    with reading() as session:
        in_force = find_accommodation(session, person_id=person_id)
    if in_force is None:
        return ""
    return render_template(
        "assessments/panels/accommodation.html",
        words=granted(allowance_of(in_force)),
        granted_at=in_force.granted_at,
        note=in_force.note,
    )
