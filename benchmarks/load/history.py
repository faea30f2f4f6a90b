"""Past attempts by the million: rows as the operations would have left them, made inside PostgreSQL.

Every past attempt has its row, its results by skill and its delivered message; every third one a new person, who came
for three sittings. Questions, responses and points are made for the last `DETAILED` attempts only: with them for all,
ten million attempts would take half a terabyte.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, text
from sqlalchemy.orm import DeclarativeBase

from assessments.models.attempts import Attempt, FormItem, Response
from assessments.models.results import ItemResult, SkillResult
from benchmarks.load.track import QUESTIONS, SLUG
from lms.accounts.models import Membership, Person, SignIn
from lms.db.session import Database
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.outbox.models import OutboxMessage

DETAILED = 50_000
SITTINGS = 3  # attempts of one past person
_BATCH = 50_000
_SKILLS = 4
_PERSON = "md5('past person ' || ({n} / 3))::uuid"
_ATTEMPT = "md5('past attempt ' || {n})::uuid"
_STARTED = "now() - interval '1 day' - ({n} % 63072000) * interval '1 second'"  # within the two years until yesterday
_SCORE = "(({n} % 69) / 100.0)"  # below the cut score
_TERMS = (
    "(SELECT {column} FROM test JOIN test_version ON test_version.test_id = test.id "
    f"WHERE slug = '{SLUG}' AND is_current)"
)
_ITEMS = """
    CREATE TEMPORARY TABLE IF NOT EXISTS past_item AS
    SELECT row_number() OVER (ORDER BY item_version.id) - 1 AS turn,
           item_version.id AS version_id, answer_key.id AS key_id
    FROM item_version JOIN answer_key ON answer_key.item_version_id = item_version.id
"""

_INDEXES = """
    SELECT indexrelid::regclass, pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'public'::regnamespace AND indpred IS NULL
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
      AND relname IN ('person', 'membership', 'sign_in', 'attempt', 'outbox_message', 'skill_result')
"""


def fill(database: Database, before: int, upto: int) -> None:
    """Make the past attempts numbered `before` to `upto`, without checking what is known to hold."""
    with database.engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))  # spares a look-up for each foreign key
        connection.execute(text("SET synchronous_commit = off"))
        connection.execute(text(_ITEMS))
        connection.commit()
        with _without_indexes(connection):
            for start in range(before, upto, _BATCH):
                _fill_batch(connection, start, min(upto, start + _BATCH), is_detailed=start + _BATCH > upto - DETAILED)
                connection.commit()
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM (ANALYZE)"))
        connection.execute(text("CHECKPOINT"))


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Indexes are made anew when the rows are there, which takes a fraction of adding to them row by row.

    Keys stay, and partial indexes: what the running server looks for is in them, and hardly a past row is.
    """
    found = connection.execute(text(_INDEXES)).all()
    for name, _ in found:
        connection.execute(text(f"DROP INDEX {name}"))
    connection.commit()
    yield
    connection.execute(text("SET maintenance_work_mem = '1GB'"))
    for _, definition in found:
        connection.execute(text(definition))
        connection.commit()


def database_bytes(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _fill_batch(connection: Connection, start: int, end: int, *, is_detailed: bool) -> None:
    attempts = f"generate_series({start}, {end - 1}) AS n"
    people = f"generate_series({-(-start // SITTINGS) * SITTINGS}, {end - 1}, {SITTINGS}) AS n"
    skills = f"{attempts} CROSS JOIN generate_series(1, {_SKILLS}) AS place"
    places = f"{attempts} CROSS JOIN generate_series(1, {QUESTIONS}) AS place"
    items = f"{places} JOIN past_item ON turn = (n + place) % (SELECT count(*) FROM past_item)"
    _insert(connection, Person, people, _person())
    _insert(connection, Membership, people, _membership())
    _insert(connection, SignIn, people, _sign_in())
    _insert(connection, Attempt, attempts, _attempt())
    _insert(connection, OutboxMessage, attempts, _message())
    _insert(connection, SkillResult, skills, _skill_result())
    if is_detailed:
        _insert(connection, FormItem, items, _form_item())
        _insert(connection, Response, places, _response())
        _insert(connection, ItemResult, places, _item_result())


def _insert(connection: Connection, model: type[DeclarativeBase], source: str, values: dict[str, str]) -> None:
    """INSERT … SELECT; columns that are not named get the default of the model, or stay empty."""
    table = model.__table__
    assert isinstance(table, Table)
    columns = dict(values)
    bound: dict[str, Any] = {}
    for column in table.columns:
        if column.name in columns:
            continue
        if column.name == "organisation_id":
            columns[column.name] = f"'{PUBLIC_ORGANISATION_ID}'::uuid"
        elif column.default is not None and column.default.is_scalar:
            bound[column.name] = column.default.arg
            columns[column.name] = f"CAST(:{column.name} AS {column.type.compile(connection.dialect)})"
        elif not column.nullable and column.server_default is None:
            raise ValueError(f"history says nothing of {table.name}.{column.name}, which may not be empty")
    names = ", ".join(columns)
    connection.execute(
        text(f"INSERT INTO {table.name} ({names}) SELECT {', '.join(columns.values())} FROM {source}"), bound
    )


def _person() -> dict[str, str]:
    return {
        "id": _PERSON.format(n="n"),
        "name": "'Past learner ' || n",
        "email": "'past-' || n || '@bench.example'",
        "password_hash": "'$argon2id$v=19$m=19456,t=2,p=1$' || md5(n::text) || '$' || md5('h' || n)",
        "state": "'active'",
        "created_at": _STARTED.format(n="n"),
    }


def _membership() -> dict[str, str]:
    return {
        "id": "md5('past membership ' || n)::uuid",
        "person_id": _PERSON.format(n="n"),
        "role": "'candidate'",
        "granted_at": _STARTED.format(n="n"),
    }


def _sign_in() -> dict[str, str]:
    return {
        "id": "md5('past sign-in ' || n)::uuid",
        "person_id": _PERSON.format(n="n"),
        "token_hash": "md5('past token ' || n) || md5(n::text)",
        "user_agent": "'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0'",
        "started_at": _STARTED.format(n="n"),
        "expires_at": f"{_STARTED.format(n='n')} + interval '14 days'",
    }


def _attempt() -> dict[str, str]:
    started = _STARTED.format(n="n")
    return {
        "id": _ATTEMPT.format(n="n"),
        "test_id": _TERMS.format(column="test.id"),
        "test_version_id": _TERMS.format(column="test_version.id"),
        "person_id": _PERSON.format(n="n"),
        "number": f"n % {SITTINGS} + 1",
        "state": "'graded'",
        "seed": "n",
        "started_at": started,
        "deadline_at": f"{started} + interval '75 minutes'",
        "submitted_at": f"{started} + interval '50 minutes'",
        "graded_at": f"{started} + interval '50 minutes'",
        "released_at": f"{started} + interval '50 minutes'",
        "score": _SCORE.format(n="n"),
        "standard_error": "0.1",
        "has_passed": "false",
    }


def _message() -> dict[str, str]:
    started = _STARTED.format(n="n")
    return {
        "id": "md5('past message ' || n)::uuid",
        "topic": "'attempt.deadline'",
        "payload": "'{}'::jsonb",
        "created_at": started,
        "due_at": f"{started} + interval '75 minutes'",
        "tries": "1",
        "delivered_at": f"{started} + interval '75 minutes'",
    }


def _skill_result() -> dict[str, str]:
    return {
        "attempt_id": _ATTEMPT.format(n="n"),
        "rank": "place",
        "skill": "'skill-' || place",
        "title": "'Skill ' || place",
        "score": _SCORE.format(n="n"),
        "item_count": "5",
        "standard_error": "0.1",
    }


def _form_item() -> dict[str, str]:
    return {
        "attempt_id": _ATTEMPT.format(n="n"),
        "position": "place",
        "section": "place % 7",
        "item_version_id": "version_id",
        "answer_key_id": "key_id",
    }


def _response() -> dict[str, str]:
    return {
        "attempt_id": _ATTEMPT.format(n="n"),
        "position": "place",
        "response": """'{"choices": ["a"]}'::jsonb""",
        "sequence": "1",
        "saved_at": _STARTED.format(n="n"),
    }


def _item_result() -> dict[str, str]:
    return {
        "attempt_id": _ATTEMPT.format(n="n"),
        "position": "place",
        "points": _SCORE.format(n="n"),
        "parts": """'[{"name": "options", "points": "1/2", "weight": "1", "counts": {}}]'::jsonb""",
    }
