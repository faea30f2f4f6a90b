"""What a tier asks for: edited as a tree, tried out on everybody, published as a version with reason and grace."""

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session

from assessments.queries.tests import list_tests
from certificates.domain.decision_records import missing_as_json
from certificates.domain.requirement_words import Names, describe, say_missing
from certificates.domain.requirements import Requirement, Source, as_json
from certificates.operations.tiers import MOST_GRACE_DAYS, publish_tier_version
from certificates.queries.tier_changes import DryRun, rehearse
from certificates.queries.tiers import TierView, achievement_names
from certificates.web.manager.requirement_form import Faults, Part, parts_of, press, read_parts, requirement_of
from certificates.web.manager.tiers import own_tier
from certificates.web.manager.workspace import MANAGERS, workspace
from lms import clock
from lms.db.base import PUBLIC_ORGANISATION_ID
from lms.errors import Conflict, Invalid
from lms.web.transactions import database, reading, transaction

LONGEST_REASON = 1000
USUAL_GRACE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Typed:
    """The rest of the form: why, for how long the tier is kept, and what was looked at before."""

    reason: str = ""
    grace_days: str = str(USUAL_GRACE_DAYS)
    seen: str = ""
    based_on: str = ""

    @classmethod
    def from_form(cls) -> "Typed":
        return cls(**{name: request.form.get(name, "").strip() for name in cls.__dataclass_fields__})


@workspace.get("/tiers/<slug>/requirement")
@MANAGERS
def requirement(slug: str) -> ResponseReturnValue:
    """The editor, filled with what the tier asks for now."""
    with reading() as session:
        shown = own_tier(session, slug)
    return _editor(shown, parts_of(shown.terms.requirement if shown.terms else None), Typed(based_on=_number(shown)))


@workspace.post("/tiers/<slug>/requirement")
@MANAGERS
def edit_requirement(slug: str) -> ResponseReturnValue:
    """Do what the pressed button says to the tree, try it out, or publish what was tried out."""
    wish, root, typed = request.form.get("do", ""), read_parts(request.form), Typed.from_form()
    with reading() as session:
        shown = own_tier(session, slug)
    if wish.partition(":")[0] in ("add-achievement", "add-quality", "add-group", "remove", "wrap"):
        press(root, wish)
        return _editor(shown, root, typed)
    if wish == "update":
        return _editor(shown, root, typed, faults=requirement_of(root)[1])
    wanted, faults = requirement_of(root)
    if wanted is None:
        return _editor(shown, root, typed, faults=faults), 422
    if wish != "publish" or typed.seen != digest(wanted):
        return _editor(shown, root, typed, wanted=wanted, after=_after(wish))
    return _publish(shown, root, typed, wanted)


def digest(wanted: Requirement) -> str:
    """What was tried out, in short: nothing else is published."""
    return hashlib.sha256(json.dumps(as_json(wanted), sort_keys=True).encode()).hexdigest()[:16]


def _publish(shown: TierView, root: Part, typed: Typed, wanted: Requirement) -> ResponseReturnValue:
    faults: Faults = {}
    if not typed.reason or len(typed.reason) > LONGEST_REASON:
        advice = _("Say why, in at most %(most)s characters; those who lose it read this.", most=LONGEST_REASON)
        faults["reason"] = [advice]
    if not typed.grace_days.isascii() or not typed.grace_days.isdigit() or int(typed.grace_days) > MOST_GRACE_DAYS:
        faults["grace_days"] = [_("Enter a whole number of days from 0 to %(most)s.", most=MOST_GRACE_DAYS)]
    if faults:
        return _editor(shown, root, typed, wanted=wanted, faults=faults), 422
    try:
        with transaction() as session:
            number = publish_tier_version(
                session,
                tier_id=shown.id,
                requirement=wanted,
                based_on=int(typed.based_on) if typed.based_on.isascii() and typed.based_on.isdigit() else 0,
                reason=typed.reason,
                grace_days=int(typed.grace_days),
                actor_id=current_user.id,
                at=clock.now(),
            )
    except (Conflict, Invalid) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        return _editor(shown, root, typed, wanted=wanted, message=str(refusal)), status
    flash(_("Version %(number)s is in force. Whoever loses the tier by it is told by mail.", number=number), "success")
    return redirect(url_for(".tier", slug=shown.slug), 303)


def _editor(
    shown: TierView,
    root: Part,
    typed: Typed,
    *,
    wanted: Requirement | None = None,
    after: UUID | None = None,
    faults: Faults | None = None,
    message: str = "",
) -> str:
    with reading() as session:
        names = achievement_names(session)
        asked = wanted or requirement_of(root)[0]
        dry_run = _rehearsal(session, shown, wanted, after) if wanted else None
        return render_template(
            "certificates/manager/requirement.html",
            tier=shown,
            root=root,
            typed=typed,
            faults=faults or {},
            message=message or _count(faults),
            sentence=describe(asked, names) if asked else "",
            present=describe(shown.terms.requirement, names) if shown.terms else "",
            achievements=_choices(names),
            skills=_skills(session),
            dry_run=dry_run,
            is_first_page=after is None,
            missing=_missing(dry_run, names) if dry_run else {},
            seen=digest(wanted) if wanted else "",
            longest_reason=LONGEST_REASON,
            most_days=MOST_GRACE_DAYS,
        )


def _rehearsal(session: Session, shown: TierView, wanted: Requirement, after: UUID | None) -> DryRun:
    return rehearse(
        session,
        tier_id=shown.id,
        present=shown.terms.requirement if shown.terms else None,
        wanted=wanted,
        at=clock.now(),
        after=after,
    )


def _skills(session: Session) -> dict[str, dict[str, str]]:
    """The skills of each achievement, by `<whose>/<slug>`: those of the test of the same name."""
    found = {f"{Source.OWN.value}/{test.slug}": test.skill_titles for test in list_tests(session)}
    with database().reading(PUBLIC_ORGANISATION_ID) as public:  # everybody reads the tests of the public catalogue
        found |= {f"{Source.PUBLIC.value}/{test.slug}": test.skill_titles for test in list_tests(public)}
    return found


def _choices(names: Names) -> list[tuple[str, str]]:
    """The certificates that can be asked for: the organisation's own first, then those of the public catalogue."""
    rows = sorted(names.items(), key=lambda entry: (entry[0][0].value, entry[1]))
    public = _("%(name)s (public catalogue)")
    return [
        (f"{source.value}/{slug}", name if source is Source.OWN else public % {"name": name})
        for (source, slug), name in rows
    ]


def _missing(dry_run: DryRun, names: Names) -> dict[UUID, str]:
    """What each person on the page is missing, in a sentence."""
    return {one.person_id: say_missing(missing_as_json(one.missing), names) for one in dry_run.lines if one.missing}


def _number(shown: TierView) -> str:
    return str(shown.terms.number) if shown.terms else "0"


def _after(wish: str) -> UUID | None:
    """Where the next page of people goes on, as its button says."""
    try:
        return UUID(wish.removeprefix("look:")) if wish.startswith("look:") else None
    except ValueError:
        return None


def _count(faults: Faults | None) -> str:
    if not faults:
        return ""
    return str(ngettext("%(num)d field needs mending.", "%(num)d fields need mending.", len(faults)))
