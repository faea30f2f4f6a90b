"""The managers' pages of invitations: by mail, by a link, sent again, taken back."""

from datetime import UTC, datetime, time
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lms import clock
from lms.accounts.forms import typed
from lms.accounts.web.blueprint import base_url
from lms.errors import Conflict, Invalid
from lms.members import invitations as operations
from lms.members.forms import LinkInvitationForm, MailInvitationForm
from lms.members.invitations import LIFETIME, Wish, list_invitations
from lms.members.queries import name_people
from lms.members.web.blueprint import MANAGERS, members
from lms.organisations.roles import Role
from lms.web.limits import limiter
from lms.web.list_pages import read_cursor, write_cursor
from lms.web.transactions import reading, transaction

ON_A_PAGE = 50


@members.get("/manage/invitations/")
@MANAGERS
def invitations() -> ResponseReturnValue:
    return _page()


@members.post("/manage/invitations/mail")
@MANAGERS
@limiter.limit("600 per hour")
def invite_by_mail() -> ResponseReturnValue:
    """Invite one address; the answer is the same whether it has an account or not."""
    form = MailInvitationForm()
    if not form.validate():
        return _page(mail_form=form), 422
    wish = Wish(email=typed(form.email.data), role=Role(form.role.data), name=typed(form.name.data))
    try:
        with transaction() as session:
            operations.invite(session, wish=wish, by=current_user.id, base_url=base_url(), at=clock.now())
    except Conflict as refusal:
        form.email.errors = [str(refusal)]
        return _page(mail_form=form), 422
    flash(_("The invitation to %(email)s is on its way.", email=wish.email), "success")
    return redirect(url_for(".invitations"), 303)


@members.post("/manage/invitations/link")
@MANAGERS
@limiter.limit("120 per hour")
def make_link() -> ResponseReturnValue:
    """Make a link and show it, this once."""
    form, now = LinkInvitationForm(), clock.now()
    if not form.validate():
        return _page(link_form=form), 422
    assert form.ends_on.data is not None  # validated
    assert form.most_uses.data is not None
    try:
        with transaction() as session:
            _id, token = operations.make_link(
                session,
                role=Role(form.role.data),
                most_uses=form.most_uses.data,
                expires_at=datetime.combine(form.ends_on.data, time.max, UTC),
                by=current_user.id,
                labels={"cohort": form.cohort.data} if form.cohort.data else {},
                at=now,
            )
    except Invalid as refusal:
        form.ends_on.errors = [str(refusal)]
        return _page(link_form=form), 422
    return render_template("lms/members/link.html", link=f"{base_url()}/invitations/{token}", form=form)


@members.post("/manage/invitations/<uuid:invitation_id>/resend")
@MANAGERS
@limiter.limit("600 per hour")
def resend(invitation_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        operations.resend(session, invitation_id=invitation_id, by=current_user.id, base_url=base_url(), at=clock.now())
    flash(_("The invitation is sent again, with a new link; the earlier one stops working."), "success")
    return redirect(url_for(".invitations"), 303)


@members.post("/manage/invitations/<uuid:invitation_id>/revoke")
@MANAGERS
def revoke(invitation_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        operations.revoke(session, invitation_id=invitation_id, by=current_user.id, at=clock.now())
    flash(_("The invitation is taken back."), "success")
    return redirect(url_for(".invitations"), 303)


def _page(*, mail_form: MailInvitationForm | None = None, link_form: LinkInvitationForm | None = None) -> str:
    """Invitations that wait, or with `?over=1` those that are over, fifty a page."""
    now, is_waiting = clock.now(), "over" not in request.args
    cursor = read_cursor(request.args.get("after"), 2)
    before = (datetime.fromisoformat(cursor[0]), UUID(cursor[1])) if cursor else None
    with reading() as session:
        found = list_invitations(session, is_waiting=is_waiting, at=now, before=before, limit=ON_A_PAGE + 1)
        names = name_people(session, [each.invited_by for each in found if each.invited_by])
    shown, last = found[:ON_A_PAGE], found[ON_A_PAGE - 1] if len(found) > ON_A_PAGE else None
    return render_template(
        "lms/members/invitations.html",
        mail_form=mail_form or MailInvitationForm(formdata=None),
        link_form=link_form or LinkInvitationForm(formdata=None, most_uses=25, ends_on=(now + LIFETIME).date()),
        found=shown,
        names=names,
        is_waiting=is_waiting,
        is_first=before is None,
        now=now,
        next_page=last
        and url_for(
            ".invitations",
            over=None if is_waiting else 1,
            after=write_cursor(last.invited_at.isoformat(), str(last.id)),
        ),
    )
