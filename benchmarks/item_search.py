"""Fills a database with 100,000 items and prints how long their list takes: first and deep pages, search, filters.

    .venv/bin/python -m benchmarks.item_search [ITEMS]

Without DATABASE_URL it uses an SQLite file of its own. DATABASE_URL names a PostgreSQL server: a database is made on it
and removed at the end. Of each question the script prints the median of seven runs and the plan of the database.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, create_engine, event, insert, text
from sqlalchemy.orm import Session
from tqdm import tqdm

from assessments.domain.near_duplicates import bands_of, shingles_of
from assessments.models.authoring import DraftState, ItemDraft, StemBand
from assessments.models.items import Difficulty, Item, ItemState, ItemUse
from assessments.operations.publishing import searchable, shorten
from assessments.queries.bank import PAGE, Place, Wanted, list_items, list_skills
from assessments.queries.near_duplicates import find_near_duplicates
from lms import clock
from lms.accounts.models import Person, PersonState
from lms.db.schema import migrate
from lms.db.session import Database
from lms.events import Subscriptions
from lms.organisations.models import PUBLIC_ORGANISATION_ID

ROOT = Path(__file__).parents[1]
PACKAGES = [ROOT / name for name in ("lms", "assessments", "courses", "certificates")]
RUNS = 7
BATCH = 1000
START = datetime(2026, 1, 1, tzinfo=UTC)
TYPES = ["choice", "claim-verdict", "span-highlight", "rubric-score", "ranking", "essay", "match", "numeric"]
WORDS = [
    f"{first}{second}"
    for first in ("ba", "re", "mi", "so", "tu", "fe", "lo", "ka")
    for second in (
        "ler",
        "nt",
        "vid",
        "rom",
        "st",
        "pal",
        "ging",
        "dor",
        "win",
        "thes",
        "ning",
        "cket",
        "ral",
        "mble",
        "tion",
    )
]
RARE = "zygomorphic"  # stands in one stem of ten thousand


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with TemporaryDirectory() as folder:
        url, drop = _database_url(Path(folder))
        database = Database(url, Subscriptions())
        try:
            print(f"{database.engine.dialect.name}, {count:,} items", flush=True)
            migrate(database.engine, PACKAGES)
            _fill(database, count)
            _analyse(database.engine)
            _measure(database, count)
        finally:
            database.close()
            drop()


def _database_url(folder: Path) -> tuple[str, Callable[[], None]]:
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        return f"sqlite:///{folder / 'bank.db'}", lambda: None
    name = f"assay_search_{uuid4().hex}"

    def run(statement: str) -> None:
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    run(f"CREATE DATABASE {name}")
    return server.rpartition("/")[0] + "/" + name, lambda: run(f"DROP DATABASE {name} WITH (FORCE)")


def _fill(database: Database, count: int) -> None:
    """Items of 20 banks; of every thousand, one is in review and twenty are drafted."""
    dice = random.Random(1)  # the same items on every run
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = Person(name="A", email="a@example.org", password_hash="-", state=PersonState.ACTIVE, created_at=START)
        session.add(person)
        session.flush()
        for start in tqdm(range(0, count, BATCH), disable=not sys.stderr.isatty()):
            items = [_item(number, dice) for number in range(start, min(count, start + BATCH))]
            session.execute(insert(Item), items)
            session.execute(insert(StemBand), [row for item in items for row in _bands(item)])
            if drafts := [_draft(item, person.id, n) for n, item in enumerate(items) if n % 1000 < 21]:
                session.execute(insert(ItemDraft), drafts)


def _item(number: int, dice: random.Random) -> dict[str, Any]:
    words = dice.choices(WORDS, k=int(dice.triangular(15, 300, 60)))
    stem = " ".join([*words, f"number {number}", *([RARE] if number % 10_000 == 7 else [])])
    identifier, tags = f"item-{number}", [f"tag-{number % 50}", f"topic-{number % 997}"]
    return {
        "id": UUID(int=dice.getrandbits(128), version=4),
        "organisation_id": PUBLIC_ORGANISATION_ID,
        "bank": f"bank-{number % 20}",
        "identifier": identifier,
        "use": ItemUse.TEST,
        "state": ItemState.RETIRED if number % 50 == 0 else ItemState.LIVE,
        "type": TYPES[number % len(TYPES)],
        "skill": f"skill-{number % 200}",
        "difficulty": list(Difficulty)[number % 3],
        "stem": shorten(stem),
        "tags": tags,
        "search_text": searchable(identifier, tags, stem),
        "changed_at": START + timedelta(seconds=number // 3),
    }


def _bands(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for band, hash in enumerate(bands_of(shingles_of(item["search_text"]))):
        yield {"organisation_id": PUBLIC_ORGANISATION_ID, "item_id": item["id"], "band": band, "hash": hash}


def _draft(item: dict[str, Any], person_id: UUID, number: int) -> dict[str, Any]:
    is_in_review = number % 1000 == 0
    return {
        "organisation_id": PUBLIC_ORGANISATION_ID,
        "item_id": item["id"],
        "state": DraftState.IN_REVIEW if is_in_review else DraftState.DRAFT,
        "revision": 1,
        "use": ItemUse.TEST,
        "skill": item["skill"],
        "difficulty": item["difficulty"],
        "content": {},
        "key": {},
        "rationale": "",
        "sources": [],
        "temptations": {},
        "tags": [],
        "edited_by": person_id,
        "edited_at": START,
        "submitted_by": person_id if is_in_review else None,
        "submitted_at": START if is_in_review else None,
    }


def _analyse(engine: Engine) -> None:
    """As PostgreSQL does by itself; SQLite has no statistics in an installation, so it gets none here."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def _measure(database: Database, count: int) -> None:
    deep = Place(START + timedelta(seconds=count // 30), UUID(int=0))  # 90 % of the items lie before it
    everything = Wanted()
    questions: dict[str, Callable[[Session], object]] = {
        "first page": lambda s: list_items(s, everything),
        "deep page": lambda s: list_items(s, everything, deep),
        "search, a common word": lambda s: list_items(s, Wanted(words="baler")),
        "search, two words": lambda s: list_items(s, Wanted(words="baler mivid")),
        "search, a rare word": lambda s: list_items(s, Wanted(words=RARE)),
        "search, no such word": lambda s: list_items(s, Wanted(words="nowhere-at-all")),
        "search, an identifier": lambda s: list_items(s, Wanted(words="item-77")),
        "filter, a bank": lambda s: list_items(s, Wanted(bank="bank-3")),
        "filter, a bank, deep": lambda s: list_items(s, Wanted(bank="bank-3"), deep),
        "filter, no such bank": lambda s: list_items(s, Wanted(bank="nowhere")),
        "filter, a type": lambda s: list_items(s, Wanted(type="essay")),
        "filter, a skill": lambda s: list_items(s, Wanted(skill="skill-77")),
        "filter, no such skill": lambda s: list_items(s, Wanted(skill="nothing")),
        "filter, a tag": lambda s: list_items(s, Wanted(tag="topic-500")),
        "filter, no such tag": lambda s: list_items(s, Wanted(tag="nothing")),
        "filter, retired": lambda s: list_items(s, Wanted(state="retired")),
        "filter, drafts of items never published": lambda s: list_items(s, Wanted(state="draft")),
        "filter, in review": lambda s: list_items(s, Wanted(state="in-review")),
        "filter, bank, type, difficulty": lambda s: list_items(
            s, Wanted(bank="bank-3", type="claim-verdict", difficulty="hard")
        ),
        "search in a bank": lambda s: list_items(s, Wanted(bank="bank-3", words=RARE)),
        "skills of a bank": lambda s: list_skills(s, "bank-3"),
        "near duplicates of a stem": lambda s: find_near_duplicates(s, stem=searchable("x", (), " ".join(WORDS))),
    }
    for title, question in questions.items():
        _ask(database, title, question)


def _ask(database: Database, title: str, question: Callable[[Session], object]) -> None:
    said: list[tuple[str, Any]] = []

    def listen(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        said.append((statement, parameters))

    times = []
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        session.connection()
        event.listen(database.reading_engine, "before_cursor_execute", listen)
        for _ in range(RUNS):
            begun = time.perf_counter()
            answer = question(session)
            times.append(time.perf_counter() - begun)
        event.remove(database.reading_engine, "before_cursor_execute", listen)
        statement, parameters = said[0]
        plan = _plan(session.connection(), statement, parameters)
    rows = len(answer.lines) if hasattr(answer, "lines") else len(answer)  # type: ignore[arg-type]  # pages or lists
    print(f"\n{title}: {median(times) * 1000:.1f} ms ({rows} of at most {PAGE})", flush=True)
    for line in plan:
        print(f"    {line}")


def _plan(connection: Connection, statement: str, parameters: Any) -> list[str]:
    prefix = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    rows = connection.exec_driver_sql(prefix + statement, parameters)
    return [str(row[-1])[:150] for row in rows]


if __name__ == "__main__":
    begun = clock.now()
    main()
    print(f"\n{(clock.now() - begun).total_seconds():.0f} s in all")
