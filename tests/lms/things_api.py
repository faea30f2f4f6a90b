"""A small API of our own for tests: things that are noted in the audit, listed page by page."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, Flask
from pydantic import Field
from sqlalchemy import select

from lms import clock
from lms.api.blueprint import PREFIX
from lms.api.callers import caller
from lms.api.endpoints import endpoint
from lms.api.pages import Page, PageQuery, page_of, read_cursor
from lms.api.shapes import Instant, Shape
from lms.audit.models import AuditEvent
from lms.audit.operations import record
from lms.config import Settings
from lms.db.keyset import beyond
from lms.errors import Conflict
from lms.web.transactions import reading, transaction
from wsgi import create_app


class Part(Shape):
    """A part of a thing."""

    weight: float = Field(ge=0)


class NewThing(Shape):
    """What is to be noted."""

    name: str = Field(min_length=1, max_length=50)
    count: int = Field(default=1, ge=1, le=1000)
    at: Instant | None = None
    parts: list[Part] = Field(default_factory=list)


class Thing(Shape):
    """What was noted."""

    id: UUID
    name: str


class Spoiled(Conflict):
    """The thing was spoiled after it was noted."""

    code = "spoiled"


def make_things_app(settings: Settings) -> Flask:
    """A second application, because a running one takes no new routes."""
    app = create_app(settings)
    app.config.update(PROPAGATE_EXCEPTIONS=False)
    app.register_blueprint(_things())
    return app


def _things() -> Blueprint:
    things = Blueprint("things_api", __name__, url_prefix=PREFIX)

    @endpoint(
        things,
        "POST",
        "/things",
        scope="quality:write",
        summary="Note a thing",
        body=NewThing,
        answer=Thing,
        status=201,
        refusals=(Spoiled,),
        idempotent=True,
        tag="Things",
    )
    def note_thing(*, body: NewThing) -> Thing:
        """Noted in the audit."""
        with transaction() as session:
            record(session, action="thing.noted", actor=caller().key_id, at=body.at or clock.now(), name=body.name)
            session.flush()
            noted = session.scalars(select(AuditEvent.id).where(AuditEvent.action == "thing.noted")).all()
        if body.name == "spoiled":
            raise Spoiled("It was spoiled.")
        if body.name == "broken":
            raise ZeroDivisionError("CANARY-DETAIL")
        return Thing(id=noted[-1], name=body.name)

    @endpoint(
        things,
        "GET",
        "/things",
        scope="tests:read",
        summary="List things",
        query=PageQuery,
        answer=Page[Thing],
        tag="Things",
    )
    def list_things(*, query: PageQuery) -> Page[Thing]:
        """In the order in which they were noted."""
        after = read_cursor(query.after, datetime.fromisoformat, UUID)
        wanted = select(AuditEvent).where(AuditEvent.action == "thing.noted").order_by(AuditEvent.at, AuditEvent.id)
        if after is not None:
            wanted = wanted.where(beyond([AuditEvent.at, AuditEvent.id], after, descending=False))
        with reading() as session:
            rows = session.scalars(wanted.limit(query.limit + 1)).all()
        page = page_of(
            rows,
            limit=query.limit,
            shape=lambda row: Thing(id=row.id, name=row.details["name"]),
            place=lambda row: [row.at.isoformat(), row.id],
        )
        return Page[Thing](**page)

    return things
