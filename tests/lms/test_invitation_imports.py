"""Invitations from a file: every fault named by its row, checked before anybody is invited, nobody invited twice."""

from io import BytesIO
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from lms import clock
from lms.errors import Conflict
from lms.members import importing
from lms.members.importing import confirm_import, drop_import, get_import, request_import, run_import
from lms.members.invitation_files import Fault, Sound, UnreadableFile, read_rows
from lms.members.models import ImportState, Invitation, InvitationImport
from lms.organisations.roles import Role
from lms.outbox.operations import NotYet
from tests.mails import waiting_mails
from tests.organisations import make_member, make_organisation
from tests.people import sign_in

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def north(database):
    return make_organisation(database, name="North Star")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "imports"


def make_file(folder, text):
    folder.mkdir(exist_ok=True)
    path = folder / uuid4().hex
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def make_import(database, north, path):
    with database.transaction(north.id) as session:
        return request_import(
            session, file_name="people.csv", file_hash=path.name, person_id=north.manager_id, at=clock.now()
        )


def run(database, north, import_id, folder):
    run_import(database, organisation_id=north.id, import_id=import_id, folder=folder, base_url=BASE)
    return shown(database, north, import_id)


def shown(database, north, import_id):
    with database.reading(north.id) as session:
        return get_import(session, import_id=import_id)


def confirm(database, north, import_id):
    with database.transaction(north.id) as session:
        confirm_import(session, import_id=import_id, by=north.manager_id, at=clock.now())


def count_invitations(database, north):
    with database.reading(north.id) as session:
        return session.scalar(select(func.count()).select_from(Invitation))


def test_rows_are_read_with_their_numbers_in_the_spreadsheet(tmp_path):
    text = "\ufeffE-Mail;Name;Role;Cohort\nada@example.org;Ada;author;spring\n\n Bob@Example.org ;;;\n"
    rows = list(read_rows(make_file(tmp_path, text)))

    assert rows == [
        Sound(2, "ada@example.org", "Ada", Role.AUTHOR, {"cohort": "spring"}),
        Sound(4, "bob@example.org", "", Role.CANDIDATE, {}),
    ]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("nowhere,Ada,", "email", "no e-mail address"),
        ("=cmd()@x.org,Ada,", "email", "no e-mail address"),
        ("a@example.org,=HYPERLINK(1),", "name", "formula"),
        ("a@example.org,+Ada,", "name", "formula"),
        ("a@example.org,@Ada,", "name", "formula"),
        ("a@example.org,Ada,operator", "role", "The role is one of"),
        ("a@example.org,Ada,king", "role", "The role is one of"),
        ("a@example.org,Ada,,more", "", "4 cells"),
        ("first@example.org,Again,", "email", "row 2 already"),
        ("a@example.org," + "x" * 201 + ",", "name", "201 characters"),
    ],
)
def test_a_faulty_row_is_named(tmp_path, row, column, reason):
    path = make_file(tmp_path, f"email,name,role\nfirst@example.org,First,\n{row}\n")
    first, fault = read_rows(path)

    assert isinstance(first, Sound)
    assert isinstance(fault, Fault)
    assert (fault.number, fault.column) == (3, column)
    assert reason in fault.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"email\na@example.org\n\xe4@example.org\n", "Line 3 is not UTF-8"),
        ("email\na@example.org\n".encode("utf-16"), "Line 1 is not UTF-8"),
        (b"email\na@exa\0mple.org\n", "NUL"),
        (b"name\nAda\n", "must be .email."),
        (b"email,email\n", "twice"),
        (b"email,x y\n", "no name of a column"),
        (b'email\n"a@example.org\n', "cannot be read as CSV"),
        (b"email," + b",".join(b"c%d" % i for i in range(13)) + b"\n", "14 columns"),
        (b"", "must be .email."),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(tmp_path, text, reason):
    with pytest.raises(UnreadableFile, match=reason):
        list(read_rows(make_file(tmp_path, text)))


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("lms.members.invitation_files.MOST_ROWS", 3)
    with pytest.raises(UnreadableFile, match="more than 3 rows"):
        list(read_rows(make_file(tmp_path, "email\n" + "".join(f"a{n}@example.org\n" for n in range(4)))))


@given(st.binary(max_size=200))
def test_no_file_whatever_breaks_the_reader(tmp_path_factory, data):
    path = make_file(tmp_path_factory.getbasetemp(), b"email,name\n" + data)
    try:
        rows = list(read_rows(path))
    except UnreadableFile:
        return
    assert all(isinstance(row, Sound | Fault) for row in rows)


def test_a_check_invites_nobody_and_says_what_would_happen(database, north, folder):
    with database.transaction(north.id) as session:
        member = make_member(session)
    path = make_file(folder, f"email,name\nnew@example.org,New\n{member.email},Ada\nbad,\n")
    done = run(database, north, make_import(database, north, path), folder)

    assert done.state is ImportState.CHECKED
    assert (done.rows_read, done.invitable, done.known, done.refused) == (3, 1, 1, 1)
    assert done.refusals == [{"row": 4, "column": "email", "reason": "This is no e-mail address."}]
    assert count_invitations(database, north) == 0


def test_a_confirmed_file_is_worked_off_and_each_is_mailed_once(database, north, folder):
    path = make_file(folder, "email,cohort\nnew@example.org,spring\nbad,\nother@example.org,\n")
    import_id = make_import(database, north, path)
    run(database, north, import_id, folder)
    confirm(database, north, import_id)
    done = run(database, north, import_id, folder)

    assert done.state is ImportState.DONE
    assert (done.invited, done.known, done.refused) == (2, 0, 1)
    assert set(waiting_mails(database)) >= {"new@example.org", "other@example.org"}
    assert not path.exists()
    assert run(database, north, import_id, folder).invited == 2  # the message came again
    with database.reading(north.id) as session:
        labels = session.scalars(select(Invitation.labels).where(Invitation.email == "new@example.org")).one()
    assert labels == {"cohort": "spring"}


def test_after_a_crash_it_goes_on_where_it_was(database, north, folder, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    path = make_file(folder, "email\n" + "".join(f"p{number}@example.org\n" for number in range(7)))
    import_id = make_import(database, north, path)
    run(database, north, import_id, folder)
    confirm(database, north, import_id)
    invite_many, calls = importing.invite_many, []

    def dies_at_the_third(session, **says):
        made = invite_many(session, **says)
        calls.append(made)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(importing, "invite_many", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        run(database, north, import_id, folder)
    half = shown(database, north, import_id)
    assert (half.state, half.next_row, half.invited) == (ImportState.INVITING, 5, 4)

    with pytest.raises(NotYet):  # for all one knows the other worker lives
        run(database, north, import_id, folder)
    with database.transaction(north.id) as session:
        session.execute(update(InvitationImport).values(touched_at=clock.now() - importing.STALE))
    done = run(database, north, import_id, folder)
    assert (done.state, done.invited) == (ImportState.DONE, 7)
    assert count_invitations(database, north) == 7


def test_whoever_was_overtaken_takes_the_batch_back(database, north, folder, monkeypatch):
    path = make_file(folder, "email\na@example.org\nb@example.org\n")
    import_id = make_import(database, north, path)
    run(database, north, import_id, folder)
    confirm(database, north, import_id)
    invite_many = importing.invite_many

    def overtaken(session, **says):
        session.execute(update(InvitationImport).values(next_row=3))
        return invite_many(session, **says)

    monkeypatch.setattr(importing, "invite_many", overtaken)
    with pytest.raises(NotYet):
        run(database, north, import_id, folder)
    assert count_invitations(database, north) == 0


def test_a_file_is_decided_on_once(database, north, folder):
    import_id = make_import(database, north, make_file(folder, "email\na@example.org\n"))
    run(database, north, import_id, folder)
    with database.transaction(north.id) as session:
        drop_import(session, import_id=import_id, by=north.manager_id, at=clock.now())
    with pytest.raises(Conflict):
        confirm(database, north, import_id)
    assert count_invitations(database, north) == 0


def test_a_file_that_is_gone_is_said_to_be(database, north, folder):
    path = make_file(folder, "email\na@example.org\n")
    import_id = make_import(database, north, path)
    path.unlink()
    done = run(database, north, import_id, folder)
    assert (done.state, done.reason) == (ImportState.REFUSED, "The file is gone; send it again.")


def test_the_pages_take_a_file_in_show_its_faults_and_give_them_as_csv(database, north, client):
    sign_in(client, north.manager)
    client.post("/organisations/switch", data={"organisation": str(north.id)})
    data = b"email,name\nnew@example.org,New\nbad,\nx@example.org,=1+1\n"
    answer = client.post("/manage/invitations/imports/", data={"file": (BytesIO(data), "people.csv")})
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "Invite 1 person" in page.text
    assert "begins like a formula" in page.text
    faults = client.get(f"{answer.location}/faults.csv")
    assert faults.mimetype == "text/csv"
    assert "3,email,This is no e-mail address." in faults.text

    assert client.post(answer.location, data={"do": "invite"}).status_code == 303
    assert "inviting" in client.get(answer.location).text
    assert "people.csv" in client.get("/manage/invitations/imports/").text


@pytest.mark.parametrize(("name", "data", "said"), [("", b"", "Choose a file"), ("x.csv", b"", "empty")])
def test_no_file_is_said_to_be_none(north, client, name, data, said):
    sign_in(client, north.manager)
    client.post("/organisations/switch", data={"organisation": str(north.id)})
    answer = client.post("/manage/invitations/imports/", data={"file": (BytesIO(data), name)})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_large_file_lets_others_go_first_between_its_turns(database, north, folder, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    monkeypatch.setattr(importing, "TURN", 4)
    path = make_file(folder, "email\n" + "".join(f"p{number}@example.org\n" for number in range(9)))
    import_id = make_import(database, north, path)
    run(database, north, import_id, folder)
    confirm(database, north, import_id)
    places = []
    for _turn in range(2):
        with pytest.raises(NotYet):
            run(database, north, import_id, folder)
        places.append(shown(database, north, import_id).next_row)
    done = run(database, north, import_id, folder)
    assert places == [5, 9]
    assert (done.state, done.invited) == (ImportState.DONE, 9)


@given(
    st.lists(st.sampled_from(["a@example.org", "A@example.org", "b@example.org", "bad", "BAD", "ä@", ""]), max_size=12),
    st.integers(1, 12),
)
def test_reading_from_a_row_on_gives_what_reading_all_gives_from_there(tmp_path_factory, emails, start):
    path = make_file(tmp_path_factory.getbasetemp(), "email,name\n" + "".join(f"{email},x\n" for email in emails))
    assert list(read_rows(path, start=start)) == list(read_rows(path))[start - 1 :]
