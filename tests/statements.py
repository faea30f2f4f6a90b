"""Counting SQL statements, and finding requests that send the same one again and again."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, request, request_finished, request_started
from sqlalchemy import event

from lms.db.row_security import SETTING
from lms.db.session import Database
from lms.web.transactions import EXTENSION

MOST_REPEATS = 3  # of one statement in one request
# Requests that may send a statement more often, by endpoint, each with its reason.
MAY_REPEAT: dict[str, str] = {
    "accounts.delete": "each organisation of the person is left for itself, in one transaction",
    "accounts.export": "each organisation of the person is asked for itself",
    "assessments_candidate.save_page": "the five questions of a page are saved each for itself, so that one fault "
    "costs no other answer",
    "assessments_author.decide_on_several": "each chosen item for itself: a refused one holds no other back",
    "assessments_author.save_item": "saves, then submits: each step looks the item up, four times however large it is",
}


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent while the block runs; BEGIN and COMMIT are not counted."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    for engine in database.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        for engine in database.engines:
            event.remove(engine, "before_cursor_execute", note)


@contextmanager
def without_repetition(app: Flask) -> Iterator[None]:
    """Fails at the end when a request in the block sent one statement more than MOST_REPEATS times.

    That is how a page looks whose cost grows with what it shows: one query for the list, and one for each of its lines.
    Not counted is that a connection is told its organisation: each of the pool once, if others used them before.
    """
    offences: dict[tuple[str, str], int] = {}
    with counted(app.extensions[EXTENSION]) as sent:

        def begin(_app: Flask, **_rest: Any) -> None:
            sent.clear()

        def end(_app: Flask, **_rest: Any) -> None:
            where = f"{request.method} {request.endpoint}"
            for statement, count in Counter(one for one in sent if SETTING not in one).items():
                if count > MOST_REPEATS and request.endpoint not in MAY_REPEAT:
                    offences[where, statement] = max(count, offences.get((where, statement), 0))

        request_started.connect(begin, app)
        request_finished.connect(end, app)
        try:
            yield
        finally:
            request_started.disconnect(begin, app)
            request_finished.disconnect(end, app)
    told = [f"{where} sent {count} times: {statement}" for (where, statement), count in offences.items()]
    assert not told, "\n".join(told)
