"""The pages of organisations: founding, going from one to another, the profile, members, consent, the audit log."""

import csv
import io
import json
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from lms import clock
from lms.accounts.models import Membership, SignIn
from lms.audit.operations import record
from lms.members.consents import ConsentScope, list_given
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.organisations import made_up_slug, make_member, make_organisation
from tests.people import make_person, sign_in


@pytest.fixture
def north(database):
    return make_organisation(database, name="North Star")


def go(client, made):
    """Sign the manager in, and go into the organisation."""
    sign_in(client, made.manager)
    assert client.post("/organisations/switch", data={"organisation": str(made.id)}).status_code == 303


def make_picture(kind="PNG", size=(40, 20)):
    written = BytesIO()
    Image.new("RGB", size, "#123456").save(written, kind)
    return BytesIO(written.getvalue())


def test_anybody_founds_an_organisation_and_is_there_at_once(database, client):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session)
    sign_in(client, person)
    slug = made_up_slug()
    answer = client.post("/organisations/new", data={"name": "North Star", "slug": slug}, follow_redirects=True)

    assert answer.request.path == "/manage/organisation/"
    assert "you manage it" in answer.text
    assert "North Star" in answer.text
    again = client.post("/organisations/new", data={"name": "Another", "slug": slug})
    assert again.status_code == 422
    assert "is taken" in again.text
    assert 'value="Another"' in again.text


def test_going_elsewhere_is_a_new_sign_in_and_ends_the_one_before(database, client, north):
    go(client, north)
    with database.reading() as session:
        rows = session.scalars(select(SignIn).where(SignIn.person_id == north.manager_id)).all()
    assert {(row.organisation_id, row.revoked_at is None) for row in rows} == {
        (PUBLIC_ORGANISATION_ID, False),
        (north.id, True),
    }
    client.post("/sign-out")
    sign_in(client, north.manager)  # and the next sign-in comes back here
    assert "North Star" in client.get("/account/").text


def test_nobody_goes_where_they_are_no_member(client, north, database):
    south = make_organisation(database, name="South")
    sign_in(client, north.manager)
    for where in (str(south.id), "00000000-0000-4000-8000-000000000000"):
        assert client.post("/organisations/switch", data={"organisation": where}).status_code == 404
    assert client.post("/organisations/switch", data={"organisation": "x"}).status_code == 422


def test_the_profile_is_worn_by_the_pages_and_shown_to_everybody_who_may(client, north):
    go(client, north)
    assert client.get(f"/organisations/{north.slug}/").status_code == 404
    answer = client.post(
        "/manage/organisation/",
        data={
            "name": "North Star Annotation",
            "summary": "We check facts.",
            "website": "https://north.example",
            "contact": "hello@north.example",
            "accent": "#1B3F8B",
            "is_public": "y",
            "logo": (make_picture(), "logo.png"),
        },
    )
    assert answer.status_code == 303, answer.text
    page = client.get("/account/")
    assert "North Star Annotation" in page.text
    assert "/brand/1b3f8b.css" in page.text
    logo = page.text.partition('<img src="')[2].partition('"')[0]
    picture = client.get(logo)
    assert picture.mimetype == "image/png"
    assert "immutable" in picture.headers["Cache-Control"]

    client.post("/sign-out")
    shown = client.get(f"/organisations/{north.slug}/")
    assert "We check facts." in shown.text
    assert 'href="https://north.example"' in shown.text
    css = client.get("/brand/1b3f8b.css")
    assert css.mimetype == "text/css"
    assert "--accent: light-dark(#1b3f8b, #" in css.text
    for wrong in ("ffffff", "xyz", "1b3f8", "1b3f8b;}"):
        assert client.get(f"/brand/{wrong}.css").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("accent", "#ffee00", "too light to be read"),
        ("accent", "red", "six digits"),
        ("website", "javascript:alert(1)", "Give an address like https"),
        ("contact", "nowhere", "Enter an address like"),
        ("name", "  ", "a name with letters"),
        ("summary", "x" * 2001, "at most 2000"),
    ],
)
def test_a_profile_that_does_not_fit_is_told_so_at_its_field(client, north, field, value, said):
    go(client, north)
    data = {"name": "North", "summary": "Typed before.", field: value}
    answer = client.post("/manage/organisation/", data=data)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Typed before." in answer.text or field == "summary"


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"x" * 600_000])
def test_a_logo_is_a_picture_of_pixels(client, north, data):
    go(client, north)
    answer = client.post("/manage/organisation/", data={"name": "North", "logo": (BytesIO(data), "logo.png")})
    assert answer.status_code == 422
    assert "logo" in answer.text


def test_roles_are_changed_on_the_page_and_the_last_manager_stays(database, client, north):
    with database.transaction(north.id) as session:
        person = make_member(session, name="Zoe")
    go(client, north)
    assert "Zoe" in client.get("/manage/members/?q=zoe&role=candidate").text
    assert "Nobody here fits" in client.get("/manage/members/?q=zoe&role=author").text
    answer = client.post(f"/manage/members/{person.id}/roles", data={"role": ["author", "auditor"]})
    assert answer.status_code == 303
    with database.reading(north.id) as session:
        held = set(session.scalars(select(Membership.role).where(Membership.person_id == person.id)))
    assert held == {Role.AUTHOR, Role.AUDITOR}

    answer = client.post(f"/manage/members/{north.manager_id}/roles", data={"role": ["candidate"]})
    assert answer.status_code == 422
    assert "Nobody else manages" in answer.text
    answer = client.post(f"/manage/members/{person.id}/roles", data={"role": ["operator"]})
    assert answer.status_code == 422


def test_removing_needs_a_reason(database, client, north):
    with database.transaction(north.id) as session:
        person = make_member(session)
    go(client, north)
    assert client.post(f"/manage/members/{person.id}/remove", data={"reason": " "}).status_code == 422
    answer = client.post(f"/manage/members/{person.id}/remove", data={"reason": "The contract ended."})
    assert answer.status_code == 303
    assert client.get(f"/manage/members/{person.id}").status_code == 404


def test_auditors_read_what_managers_read_and_change_nothing(database, client, north):
    with database.transaction(north.id) as session:
        auditor = make_member(session, name="Ann Auditor", roles=(Role.AUDITOR,))
    sign_in(client, auditor)
    for path in ("members/", f"members/{north.manager_id}", "invitations/", "organisation/", "audit/", ""):
        page = client.get(f"/manage/{path}")
        assert page.status_code == 200, path
        assert 'class="button danger"' not in page.text
    for path in (f"members/{north.manager_id}/roles", "invitations/mail", "organisation/", "invitations/imports/"):
        assert client.post(f"/manage/{path}").status_code == 403, path


def test_consent_is_given_and_taken_back_on_the_page_of_ones_organisations(database, client, north):
    with database.transaction(north.id) as session:
        person = make_member(session)
    sign_in(client, person)
    path = f"/account/organisations/{north.id}/consents"
    for scopes in (["results", "quality"], ["quality"], []):
        assert client.post(path, data={"scope": scopes}).status_code == 303
        with database.reading(north.id) as session:
            assert list_given(session, person_id=person.id) == {ConsentScope.PROFILE, *map(ConsentScope, scopes)}
    page = client.get("/account/organisations")
    assert "What it could see so far" in page.text
    other = make_organisation(database, name="South")
    assert client.post(f"/account/organisations/{other.id}/consents", data={}).status_code == 404


def test_who_leaves_goes_on_in_another_organisation(database, client, north):
    with database.transaction(north.id) as session:
        make_member(session, roles=(Role.MANAGER,))
    go(client, north)
    assert "Leave North Star?" in client.get(f"/account/organisations/{north.id}/leave").text
    answer = client.post(f"/account/organisations/{north.id}/leave", follow_redirects=True)
    assert answer.request.path == "/account/organisations"
    assert "You have left North Star" in answer.text
    assert client.post(f"/account/organisations/{PUBLIC_ORGANISATION_ID}/leave").status_code == 403


def test_the_only_manager_of_others_does_not_delete_the_account(database, client, north):
    with database.transaction(north.id) as session:
        make_member(session)
    sign_in(client, north.manager)
    answer = client.post("/account/delete", data={"password": "correct horse battery"})
    assert answer.status_code == 409
    assert "only manager" in answer.text


def test_a_deleted_account_leaves_no_trace_in_any_organisation(database, client, north):
    with database.transaction(north.id) as session:
        person = make_member(session, sees=tuple(ConsentScope))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        session.add(
            Membership(
                person_id=person.id,
                organisation_id=PUBLIC_ORGANISATION_ID,
                role=Role.CANDIDATE,
                granted_at=clock.now(),
            )
        )
    sign_in(client, person)
    data = client.get("/account/export").get_json(force=True)
    assert data["organisations"][north.slug]["memberships"]["consents"]
    assert client.post("/account/delete", data={"password": "correct horse battery"}).status_code == 303
    with database.reading() as session:
        for table in (Membership, SignIn):
            assert session.scalars(select(table).where(table.person_id == person.id)).all() == []
    with database.reading(north.id) as session:
        assert list_given(session, person_id=person.id) == frozenset()


def test_a_new_password_ends_sign_ins_in_every_organisation(app, database, client, north):
    elsewhere = app.test_client()
    go(elsewhere, north)
    sign_in(client, north.manager)
    client.post("/organisations/switch", data={"organisation": str(PUBLIC_ORGANISATION_ID)})
    changed = {"current_password": "correct horse battery", "new_password": "another horse battery"}
    assert client.post("/account/password", data=changed).status_code == 303
    assert elsewhere.get("/account/").status_code == 303
    assert client.get("/account/").status_code == 200


def test_the_audit_log_is_filtered_turned_over_and_taken_along(database, client, north):
    with database.transaction(north.id) as session:
        for number in range(120):
            record(
                session,
                action="thing.done",
                actor="=cmd|calc" if number == 0 else north.manager_id,
                subject_id=north.manager_id,
                at=clock.now(),
                number=number,
            )
    go(client, north)
    seen, path = 0, "/manage/audit/?action=thing"
    while path:
        page = client.get(path)
        assert page.status_code == 200
        seen += page.text.count("<code>thing.done</code>")
        path = page.text.partition("Older entries")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
        path = path if "after=" in path else ""
    assert seen == 120
    assert client.get(f"/manage/audit/?actor={north.manager.email}").text.count("Grace Hopper") > 1
    assert "Nothing fits" in client.get("/manage/audit/?until=2001-01-01").text

    exported = client.get("/manage/audit/export.csv?action=thing.done")
    *rows, last = csv.DictReader(io.StringIO(exported.text.removeprefix("\ufeff")))
    assert len(rows) == 120
    assert {row["actor"] for row in rows} == {"'=cmd|calc", str(north.manager_id)}
    assert (last["action"], json.loads(last["details"])["events"]) == ("audit.export_completed", 120)
    *lines, _last = client.get("/manage/audit/export.jsonl?action=thing").text.splitlines()
    assert {json.loads(line)["details"]["number"] for line in lines} == set(range(120))
    assert "audit.exported" in client.get("/manage/audit/").text


@pytest.mark.parametrize(("name", "value"), [("since", "yesterday"), ("subject", "nobody@example.org"), ("until", "1")])
def test_a_filter_that_cannot_be_read_is_named_at_its_field(client, north, name, value):
    go(client, north)
    answer = client.get("/manage/audit/", query_string={name: value})
    assert answer.status_code == 422
    assert f'value="{value}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_cursor_fits_the_list_that_wrote_it_and_no_other(database, client, north):
    with database.transaction(north.id) as session:
        for number in range(51):
            make_member(session, name=f"M {number:02}")
    go(client, north)
    page = client.get("/manage/members/").text
    cursor = page.partition("after=")[2].partition('"')[0]
    assert "From the beginning" in client.get(f"/manage/members/?after={cursor}").text
    for path in (f"/manage/audit/?after={cursor}", f"/manage/members/?after={cursor}x", "/manage/invitations/?after=x"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "From the" not in answer.text
