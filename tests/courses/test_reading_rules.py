"""With which lesson a reader goes on."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from courses.domain.course_schemas import clashing_slugs, lesson_slug
from courses.domain.reading import ReadLesson, count_finished, next_lesson

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def lessons(*minutes: int | None) -> list[ReadLesson]:
    """Lessons from 1 on, each finished that many minutes after noon, or not at all."""
    return [
        ReadLesson(number, None if after is None else NOON + timedelta(minutes=after))
        for number, after in enumerate(minutes, start=1)
    ]


def test_a_new_reader_begins_with_the_first_lesson():
    assert next_lesson(lessons(None, None)) == 1


def test_a_reader_goes_on_behind_the_lesson_finished_last():
    assert next_lesson(lessons(0, None, 5, None)) == 4


def test_what_was_skipped_comes_when_everything_behind_is_finished():
    assert next_lesson(lessons(0, None, 5)) == 2


def test_a_reader_who_went_back_goes_on_from_there():
    assert next_lesson(lessons(9, None, 5, None)) == 2


def test_nothing_is_next_when_all_is_read_or_nothing_is_there():
    assert next_lesson(lessons(0, 1)) is None
    assert next_lesson([]) is None


@given(st.lists(st.none() | st.integers(0, 1000), max_size=12))
def test_the_next_lesson_is_an_open_one_exactly_when_one_is_open(minutes: list[int | None]):
    read = lessons(*minutes)
    number = next_lesson(read)

    assert (number is None) == (count_finished(read) == len(read))
    assert number is None or not read[number - 1].is_finished


def test_a_lesson_keeps_its_name_when_its_number_changes():
    assert lesson_slug("03-cutting") == lesson_slug("04-cutting") == "cutting"
    assert lesson_slug("cutting-edge") == "cutting-edge"
    assert lesson_slug("03") == "03"


def test_two_files_that_differ_only_by_number_clash():
    assert clashing_slugs(["01-a", "02-b", "03-a"]) == ["03-a"]
