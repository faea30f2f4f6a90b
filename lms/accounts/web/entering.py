"""Pages to sign up, sign in, sign out, and to choose a new password."""

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from lms import clock
from lms.accounts import entering, links
from lms.accounts.forms import ForgottenForm, ResetForm, SignInForm, SignUpForm, typed
from lms.accounts.models import LinkPurpose
from lms.accounts.sign_ins import revoke_sign_in
from lms.accounts.web.blueprint import accounts, base_url, enter
from lms.errors import Gone
from lms.web.limits import account_named, limiter
from lms.web.policy import public
from lms.web.return_path import read_path
from lms.web.transactions import database, reading, transaction

HOME = "/me/"


@accounts.get("/sign-up")
@public
def sign_up() -> ResponseReturnValue:
    form = SignUpForm(next=request.args.get("next", ""))
    return render_template("lms/accounts/sign_up.html", form=form)


@accounts.post("/sign-up")
@public
@limiter.limit("20 per minute;200 per hour")
@limiter.limit("5 per minute", key_func=account_named)
def open_account() -> ResponseReturnValue:
    """Answers alike for new and known addresses; see `entering.sign_up` for what differs behind it."""
    form = SignUpForm()
    if not form.validate():
        return render_template("lms/accounts/sign_up.html", form=form), 422
    with transaction() as write:
        person_id = entering.sign_up(
            write,
            name=typed(form.name.data),
            email=typed(form.email.data),
            password=typed(form.password.data),
            proves_address=current_app.extensions["assay.settings"].proves_addresses,
            base_url=base_url(),
            came_for=typed(form.next.data) if read_path(form.next.data) else "",
            at=clock.now(),
        )
    if person_id is not None:
        enter(person_id)
    return redirect(url_for("accounts.welcome", next=form.next.data or None), 303)


@accounts.get("/welcome")
@public
def welcome() -> ResponseReturnValue:
    """After signing up: on to where the person was going, or the request to look into the mailbox."""
    if current_user.is_authenticated:
        return redirect(read_path(request.args.get("next")) or HOME, 303)
    return render_template("lms/accounts/mail_sent.html")


@accounts.get("/confirm/<token>")
@public
@limiter.limit("30 per minute")
def confirm(token: str) -> ResponseReturnValue:
    """A page with one button: opening a link must not change anything."""
    with reading() as read:
        if not links.is_link_good(read, token=token, purpose=LinkPurpose.CONFIRM_ADDRESS, at=clock.now()):
            raise Gone(_("This link was used before or is too old. Sign up again to get a new one."))
    return render_template("lms/accounts/confirm.html", token=token)


@accounts.post("/confirm/<token>")
@public
@limiter.limit("30 per minute")
def confirm_address(token: str) -> ResponseReturnValue:
    with transaction() as write:
        person_id = entering.confirm_address(write, token=token, at=clock.now())
    enter(person_id)
    return redirect(read_path(request.args.get("next")) or HOME, 303)


@accounts.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(read_path(request.args.get("next")) or HOME, 303)
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("lms/accounts/sign_in.html", form=form)


@accounts.post("/sign-in")
@public
@limiter.limit("30 per minute;300 per hour")
@limiter.limit("10 per minute;40 per hour", key_func=account_named)
def check_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate():
        with reading() as read:
            person = entering.find_by_password(read, email=typed(form.email.data), password=typed(form.password.data))
        if person is not None:
            enter(person.id)
            return redirect(read_path(form.next.data) or HOME, 303)
        form.password.errors = [_("Address and password do not fit together.")]
    return render_template("lms/accounts/sign_in.html", form=form), 422


@accounts.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        with transaction() as write:
            revoke_sign_in(write, sign_in_id=current_user.sign_in_id, at=clock.now())
        logout_user()
        session.clear()
    return redirect("/", 303)


@accounts.get("/forgotten-password")
@public
def forgotten() -> ResponseReturnValue:
    return render_template("lms/accounts/forgotten.html", form=ForgottenForm())


@accounts.post("/forgotten-password")
@public
@limiter.limit("20 per minute")
@limiter.limit("3 per minute;10 per hour", key_func=account_named)
def ask_for_reset() -> ResponseReturnValue:
    form = ForgottenForm()
    if not form.validate():
        return render_template("lms/accounts/forgotten.html", form=form), 422
    with transaction() as write:
        entering.ask_for_reset(write, email=typed(form.email.data), base_url=base_url(), at=clock.now())
    return redirect(url_for("accounts.mail_sent"), 303)


@accounts.get("/mail-sent")
@public
def mail_sent() -> ResponseReturnValue:
    return render_template("lms/accounts/mail_sent.html")


@accounts.get("/reset-password/<token>")
@public
@limiter.limit("30 per minute")
def reset(token: str) -> ResponseReturnValue:
    with reading() as read:
        if not links.is_link_good(read, token=token, purpose=LinkPurpose.RESET_PASSWORD, at=clock.now()):
            raise Gone(_("This link was used before or is too old. Ask for a new one."))
    return render_template("lms/accounts/reset.html", form=ResetForm())


@accounts.post("/reset-password/<token>")
@public
@limiter.limit("30 per minute")
def reset_password(token: str) -> ResponseReturnValue:
    form = ResetForm()
    if not form.validate():
        return render_template("lms/accounts/reset.html", form=form), 422
    with database().transaction() as write:
        entering.reset_password(write, token=token, password=typed(form.password.data), at=clock.now())
    flash(_("Your password is changed. Sign in with the new one."), "success")
    return redirect(url_for("accounts.sign_in"), 303)
