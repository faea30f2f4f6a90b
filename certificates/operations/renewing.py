"""Renewing: what certificates answer when a test asks whether somebody who passed it may sit it anew."""

from sqlalchemy.orm import Session

from assessments.events import RenewalAsked
from certificates.queries.renewals import list_renewals


def name_renewal(session: Session, question: RenewalAsked) -> None:
    """Add from when on the certificate of the test can be renewed; nothing where it cannot, or there is none."""
    found = list_renewals(session, person_id=question.person_id, slug=question.test_slug)
    question.renewals.extend(one.renewal for one in found)
