"""The pages of courses, as strangers and as signed-in readers see them."""

from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from courses.queries.progress import list_progress
from courses.web.panels import what_to_study
from lms import clock
from lms.accounts.models import Person
from lms.catalogue.readers import open_catalogue, readers_of
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.courses.track_folders import spoil, write_track
from tests.people import make_person, sign_in
from tests.statements import counted

SLUG = "splitting-claims"
COURSE = f"/courses/{SLUG}/"


@pytest.fixture
def track(app: Flask, database: Database, tmp_path: Path) -> Path:
    """A track on disk, loaded by every package that reads tracks."""
    folder = write_track(tmp_path)
    load(app, database, folder)
    return folder


@pytest.fixture
def reader(track: Path, database: Database, client: FlaskClient) -> Person:
    """Somebody signed in, on an instance that has the track."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session)
    sign_in(client, person)
    return person


def load(app: Flask, database: Database, folder: Path) -> None:
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        for registered in readers_of(app):
            registered.load(session, open_catalogue(folder), clock.now())


def page(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    return answer.text


PAGES = ["/courses/", COURSE, f"{COURSE}lessons/1", f"{COURSE}lessons/2", f"{COURSE}guide"]


@pytest.mark.usefixtures("track")
@pytest.mark.parametrize("url", PAGES)
def test_strangers_read_everything_without_inline_style_or_script(client: FlaskClient, url: str):
    html = page(client, url)

    assert " style=" not in html
    assert " onclick=" not in html
    assert "<script>" not in html


@pytest.mark.usefixtures("track")
def test_the_catalogue_shows_what_a_course_takes(client: FlaskClient):
    html = page(client, "/courses/")

    assert "Splitting claims" in html
    assert "2 lessons" in html
    assert "about 2 hours" in html
    assert "<progress" not in html


def test_an_empty_catalogue_says_so(client: FlaskClient):
    assert "No course is published yet" in page(client, "/courses/")


@pytest.mark.usefixtures("track")
def test_the_course_page_leads_to_lessons_guide_and_test(client: FlaskClient):
    html = page(client, COURSE)

    for target in (f"{COURSE}lessons/1", f"{COURSE}lessons/2", f"{COURSE}guide", f"/tests/{SLUG}/"):
        assert f'href="{target}"' in html
    assert "Split a text into claims." in html
    assert "CC BY 4.0" in html
    assert "Sign in to keep your progress" in html


@pytest.mark.usefixtures("track")
def test_a_lesson_shows_text_contents_neighbours_and_its_exercises_in_place(client: FlaskClient):
    html = page(client, f"{COURSE}lessons/1")

    assert '<h2 id="s-why-it-matters">Why it matters</h2>' in html
    assert 'href="#s-why-it-matters"' in html
    assert f'rel="next" href="{COURSE}lessons/2"' in html
    assert 'rel="prev"' not in html
    places = [html.index(f"in the case of {item}?") for item in ("p-1", "p-2", "p-3")]
    assert places == sorted(places)
    assert places[-1] < html.index("<p>The end.</p>")
    assert "/finish" not in html


@pytest.mark.usefixtures("track")
def test_the_label_guide_shows_rules_and_levels(client: FlaskClient):
    html = page(client, f"{COURSE}guide")

    assert "The evidence states it." in html
    assert "Every line does." in html


@pytest.mark.usefixtures("reader")
def test_finishing_a_lesson_goes_on_and_shows_where_the_reader_is(client: FlaskClient):
    answer = client.post(f"{COURSE}lessons/1/finish")

    assert (answer.status_code, answer.location) == (303, f"{COURSE}lessons/2")
    assert "1 of 2 lessons read" in page(client, COURSE)
    assert "Go on with lesson 2" in page(client, COURSE)
    assert "1 of 2 lessons read" in page(client, "/courses/")


@pytest.mark.usefixtures("reader")
def test_after_the_last_lesson_the_reader_is_back_at_the_course(client: FlaskClient):
    client.post(f"{COURSE}lessons/1/finish")
    answer = client.post(f"{COURSE}lessons/2/finish")

    assert (answer.status_code, answer.location) == (303, COURSE)
    assert "Read again from the start" in page(client, COURSE)


def test_looking_at_a_lesson_writes_nothing(client: FlaskClient, reader: Person, database: Database):
    page(client, f"{COURSE}lessons/1")

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert list_progress(session, person_id=reader.id) == []


@pytest.mark.usefixtures("reader")
def test_the_accuracy_of_first_tries_is_shown_under_the_lesson(client: FlaskClient):
    for item, answer in (("p-1", "a"), ("p-2", "b"), ("p-2", "a")):
        client.post(f"/practice/{item}", data={f"p-{item}-choices": answer, "try_key": str(uuid4())})

    assert "right at the first try: 1 of 2 tried, 3 in the lesson" in page(client, f"{COURSE}lessons/1")


@pytest.mark.usefixtures("track")
def test_a_stranger_who_finishes_a_lesson_is_asked_to_sign_in(client: FlaskClient):
    answer = client.post(f"{COURSE}lessons/1/finish")

    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")


@pytest.mark.usefixtures("track")
@pytest.mark.parametrize(
    "url",
    [
        "/courses/nowhere/",
        "/courses/nowhere/guide",
        "/courses/nowhere/lessons/1",
        f"{COURSE}lessons/3",
        f"{COURSE}lessons/{10**30}",
    ],
)
def test_what_is_not_there_is_told_with_status_404(client: FlaskClient, url: str):
    assert client.get(url).status_code == 404


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(("url", "most"), [("/courses/", 5), (COURSE, 6), (f"{COURSE}lessons/1", 6)])
def test_a_page_needs_few_statements(client: FlaskClient, database: Database, url: str, most: int):
    client.post(f"{COURSE}lessons/1/finish")
    for item in ("p-1", "p-2", "p-3"):
        tried = client.post(f"/practice/{item}", data={f"p-{item}-choices": "a", "try_key": str(uuid4())})
        assert tried.status_code == 303, tried.text
    page(client, url)  # from the first view on the process keeps the immutable versions of the items

    with counted(database) as told:
        page(client, url)

    assert len(told) <= most, "\n\n".join(told)


def test_markup_in_the_text_of_a_course_is_shown_as_text(
    app: Flask, client: FlaskClient, database: Database, track: Path
):
    spoil(track / "course.yaml", "title: Splitting claims", "title: <script>alert(1)</script>")
    spoil(track / "guide.yaml", "rule: The evidence states it.", "rule: <img src=x onerror=alert(2)>")
    spoil(track / "lessons" / "01-claims.md", "title: What a claim is", 'title: "<script>alert(3)</script>"')
    load(app, database, track)

    for url in PAGES:
        html = page(client, url)
        assert "<script>alert" not in html
        assert "<img src=x" not in html


@pytest.mark.usefixtures("track")
def test_a_weak_result_names_the_lessons_that_teach_the_skill(app: Flask):
    with app.test_request_context():
        html = what_to_study(test_slug=SLUG, weak_skills=("judging",), attempt_id=None, has_passed=False)
        nothing = what_to_study(test_slug=SLUG, weak_skills=())
        unknown = what_to_study(test_slug="nowhere", weak_skills=("judging",))

    assert f'href="{COURSE}lessons/2"' in html
    assert f'href="{COURSE}lessons/1"' not in html
    assert (nothing, unknown) == ("", "")
