"""Certificates under review: a regrade took their pass; a second person keeps each, or revokes it with a reason."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.domain.scores import percent_in_tenths
from certificates.models.reviews import ReviewState
from certificates.operations.deciding import decide_review
from certificates.queries.reviews import get_review, list_reviews
from certificates.web.manager.blueprint import MANAGERS, certificates_manager
from certificates.web.signing import signing
from lms import clock
from lms.errors import Conflict, Invalid, NotAllowed
from lms.web.transactions import reading, transaction


@certificates_manager.get("/reviews/")
@MANAGERS
def reviews() -> ResponseReturnValue:
    """What waits for a decision, and what was decided."""
    with reading() as session:
        return render_template(
            "certificates/manager/reviews.html", reviews=list_reviews(session), tenths=percent_in_tenths
        )


@certificates_manager.get("/reviews/<uuid:review_id>")
@MANAGERS
def review(review_id: UUID) -> ResponseReturnValue:
    """One certificate under review, and the two ways out."""
    with reading() as session:
        return _page(session, review_id)


@certificates_manager.post("/reviews/<uuid:review_id>")
@MANAGERS
def decide(review_id: UUID) -> ResponseReturnValue:
    """Keep the certificate, or revoke it."""
    wish, reason = request.form.get("do", ""), request.form.get("reason", "")
    decision = ReviewState(wish) if wish in set(ReviewState) else ReviewState.OPEN
    try:
        with transaction() as session:
            decide_review(
                session,
                review_id=review_id,
                decision=decision,
                reason=reason,
                person_id=current_user.id,
                signing=signing(),
                at=clock.now(),
            )
    except (Invalid, Conflict, NotAllowed) as refusal:
        status = {Invalid: 422, NotAllowed: 403}.get(type(refusal), 409)
        with reading() as session:
            return _page(session, review_id, str(refusal), reason), status
    said = {ReviewState.KEPT: _("The certificate stays valid."), ReviewState.REVOKED: _("The certificate is revoked.")}
    flash(said[decision], "success")
    return redirect(url_for(".reviews"), 303)


def _page(session: Session, review_id: UUID, message: str = "", reason: str = "") -> str:
    one = get_review(session, review_id)
    return render_template(
        "certificates/manager/review.html",
        review=one,
        is_second=current_user.id != one.opened_by,
        tenths=percent_in_tenths,
        message=message,
        reason=reason,
    )
