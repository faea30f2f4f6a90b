"""The members of an organisation: found by words and role, given other roles, removed with a reason."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.accounts.forms import typed
from lms.errors import Conflict, Invalid, NotAllowed
from lms.members import consents
from lms.members.forms import RemovalForm
from lms.members.memberships import (
    GIVEN_BY_MANAGERS,
    count_members,
    get_one,
    list_members,
    remove_member,
    set_roles,
)
from lms.members.web.blueprint import MANAGERS, members
from lms.organisations.roles import Role
from lms.web.list_pages import read_cursor, write_cursor
from lms.web.transactions import reading, transaction

ON_A_PAGE = 50


@members.get("/manage/members/")
@MANAGERS
def people() -> ResponseReturnValue:
    """Members by name, fifty a page."""
    text = request.args.get("q", "").strip()[:200]
    role = next((each for each in Role if each.value == request.args.get("role")), None)
    cursor = read_cursor(request.args.get("after"), 2)
    after = (cursor[0], UUID(cursor[1])) if cursor else None
    with reading() as session:
        found = list_members(session, text=text, role=role, after=after, limit=ON_A_PAGE + 1)
        count = count_members(session, text=text, role=role)
    shown, last = found[:ON_A_PAGE], found[ON_A_PAGE - 1] if len(found) > ON_A_PAGE else None
    return render_template(
        "lms/members/people.html",
        text=text,
        role=role,
        roles=[*GIVEN_BY_MANAGERS],
        found=shown,
        count=count,
        is_first=after is None,
        next_page=last and url_for(".people", q=text or None, role=role, after=write_cursor(last.name, str(last.id))),
    )


@members.get("/manage/members/<uuid:person_id>")
@MANAGERS
def member(person_id: UUID) -> ResponseReturnValue:
    return _page(person_id)


@members.post("/manage/members/<uuid:person_id>/roles")
@MANAGERS
def change_roles(person_id: UUID) -> ResponseReturnValue:
    """Give exactly the roles that are ticked."""
    wanted = [role for role in Role if role.value in request.form.getlist("role")]
    try:
        with transaction() as session:
            set_roles(
                session,
                person_id=person_id,
                roles=[role for role in wanted if role is not Role.OPERATOR],
                by=current_user.id,
                at=clock.now(),
            )
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _page(person_id, ticked=wanted, message=str(refusal)), 422
    flash(_("The roles are changed; they hold from the next page on."), "success")
    return redirect(url_for(".member", person_id=person_id), 303)


@members.post("/manage/members/<uuid:person_id>/remove")
@MANAGERS
def remove(person_id: UUID) -> ResponseReturnValue:
    """End a membership; it needs a reason."""
    form = RemovalForm()
    if not form.validate():
        return _page(person_id, removal=form), 422
    try:
        with transaction() as session:
            remove_member(
                session, person_id=person_id, by=current_user.id, reason=typed(form.reason.data), at=clock.now()
            )
    except (Conflict, NotAllowed) as refusal:
        form.reason.errors = [str(refusal)]
        return _page(person_id, removal=form), 422
    flash(_("The membership is ended: roles, sign-ins, invitations and consent."), "success")
    if person_id == current_user.id:
        return redirect("/", 303)
    return redirect(url_for(".people"), 303)


def _page(
    person_id: UUID, *, ticked: list[Role] | None = None, removal: RemovalForm | None = None, message: str = ""
) -> str:
    with reading() as session:
        shown = get_one(session, person_id=person_id)
        given = consents.list_given(session, person_id=person_id)
    return render_template(
        "lms/members/member.html",
        member=shown,
        ticked=shown.roles if ticked is None else ticked,
        roles=GIVEN_BY_MANAGERS,
        given=sorted(given),
        removal=removal or RemovalForm(formdata=None),
        message=message,
    )
