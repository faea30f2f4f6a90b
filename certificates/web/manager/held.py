"""The certificates of the organisation: a list to search and filter."""

from dataclasses import asdict
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from certificates.domain.standing import CertificateState
from certificates.queries.managing import PROPOSED, Wanted, list_achievements, list_held, place_from, place_in_address
from certificates.web.manager.blueprint import MANAGERS, certificates_manager
from certificates.web.standings import in_words
from lms import clock
from lms.web.transactions import reading

FIELDS = tuple(asdict(Wanted()))
_LONGEST = 200  # characters of what was typed that are looked at


@certificates_manager.get("/")
@MANAGERS
def held() -> ResponseReturnValue:
    """A page of the list, as searched and filtered."""
    wanted = Wanted(**{field: request.args.get(field, "").strip()[:_LONGEST] for field in FIELDS})
    asked: dict[str, Any] = {field: value for field, value in asdict(wanted).items() if value}
    with reading() as session:
        page = list_held(session, wanted, place_from(request.args.get("after", "")))
        achievements = list_achievements(session)
    at = clock.now()
    return render_template(
        "certificates/manager/held.html",
        lines=[(line, in_words(line.standing(at))) for line in page.lines],
        wanted=wanted,
        asked=asked,
        achievements=achievements,
        states=_state_titles(),
        older=url_for(".held", **asked, after=place_in_address(page.next)) if page.next else None,
        is_first="after" not in request.args,
    )


def _state_titles() -> list[tuple[str, str]]:
    return [
        (CertificateState.VALID.value, _("valid or expired")),
        (CertificateState.SUSPENDED.value, _("suspended")),
        (PROPOSED, _("proposed to be revoked")),
        (CertificateState.REVOKED.value, _("revoked")),
        (CertificateState.SUPERSEDED.value, _("superseded")),
    ]
