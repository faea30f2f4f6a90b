"""The world of the matrix: two organisations that have everything, and all who may or may not come near it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from assessments.models.items import AnswerKey, Item, ItemVersion
from assessments.models.outages import Outage, OutageState
from assessments.operations.blueprints import save_test_draft, start_from
from assessments.operations.regrading import propose_regrade
from assessments.operations.starting import start_attempt
from certificates.domain.standing import CertificateState
from lms import clock, faults
from lms.accounts.models import Membership, Person, PersonState
from lms.accounts.sign_ins import start_sign_in
from lms.api.keys import HIGHEST_RATE, make_key
from lms.api.models import ApiKey
from lms.api.scopes import Scope
from lms.config import Settings
from lms.db.base import Base
from lms.db.schema import migrate
from lms.db.session import Database
from lms.errors import Refusal
from lms.members.consents import ConsentScope, give
from lms.organisations.roles import Role
from lms.web.transactions import EXTENSION
from tests.assessments import marked_tests
from tests.assessments.calibrations import GOLD, make_calibration
from tests.assessments.factories import BANK
from tests.assessments.late_answers import sit_late
from tests.certificates.factories import AT, deliver_all, make_office, qualify, the_certificate
from tests.certificates.held import change, make_signing
from tests.courses.shelves import make_course
from tests.databases import make_database_url
from tests.isolation.parameters import DRAWN, DRAWN_BY, Drawn
from tests.isolation.rows import Owner, add_row, has_rows, mappers, say_canary, table_of
from tests.isolation.tenants import make_tenant
from tests.people import make_person
from wsgi import create_app

NOTHING_IS_KEPT = "Nothing is kept here."
STAFF = {
    "quokka": (Role.AUTHOR, Role.MARKER, Role.MANAGER, Role.AUDITOR, Role.OPERATOR),
    "zebra": (Role.MANAGER,),  # the same from the other side, in short
}


class Undone(Refusal):
    """What every transaction ends with: who came this far would have written."""


@dataclass(slots=True)
class Actor:
    """Somebody who calls: by the cookie of a sign-in, by a key, or as a stranger."""

    name: str
    roles: frozenset[Role] = frozenset()  # those that count: none for people who are out
    tenant: str | None = None
    person_id: UUID | None = None
    token: str | None = None
    key: str | None = None


@dataclass(slots=True)
class Tenant:
    """An organisation, the word that only its rows say, and two candidates who have one of everything."""

    id: UUID
    canary: str
    person_id: UUID
    other_id: UUID


@dataclass(slots=True)
class World:
    """One for a process; nothing that is sent to it is kept."""

    app: Flask
    database: Database
    tenants: dict[str, Tenant] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    _found: dict[tuple[Drawn, UUID, UUID], str | None] = field(default_factory=dict)

    def headers(self, actor: Actor) -> dict[str, str]:
        """What this actor's requests carry."""
        if actor.key is not None:
            return {"Authorization": f"Bearer {actor.key}"}
        if actor.token is None:
            return {}
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = actor.token
        return {"Cookie": "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())}

    def find(self, drawn: Drawn, organisation_id: UUID, person_id: UUID) -> str | None:
        """The value of such a row, of this person where it is personal, and of them rather than of others elsewhere."""
        key = (drawn, organisation_id, person_id)
        if key not in self._found:
            self._found[key] = self._look(*key)
        return self._found[key]

    def _look(self, drawn: Drawn, organisation_id: UUID, person_id: UUID) -> str | None:
        model = Base.metadata.tables[drawn.table]
        column = model.c[drawn.column]
        found = select(column).where(model.c.organisation_id == organisation_id, text(drawn.where)).order_by(column)
        if drawn.is_personal:
            found = found.where(model.c.person_id == person_id)
        elif "person_id" in model.c:
            found = found.order_by(None).order_by(model.c.person_id != person_id, column)
        with self.database.reading() as session:
            value = session.scalars(found.limit(1)).first()
        return None if value is None else str(value)


def make_world(folder: Path) -> World:
    settings = Settings(
        data_dir=folder,
        database_url=make_database_url(folder),
        base_url="http://127.0.0.1:8000",
        secret_key="a secret for tests only",
        is_throttled=False,
    )
    app = create_app(settings)
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    database = app.extensions[EXTENSION]
    migrate(database.engine, app.extensions["assay.packages"])
    world = World(app, database)
    world.actors["anonymous"] = Actor("anonymous")
    with database.transaction() as session:
        _outage(session)
    with app.app_context():
        for slug in ("quokka", "zebra"):
            world.tenants[slug] = _furnish(world, slug)
            _people(world, slug)
    return world


@contextmanager
def keeping_nothing() -> Iterator[None]:
    """Every transaction is rolled back right before its commit, and says so."""

    def refuse(name: str) -> None:
        if name == "commit.before":
            raise Undone(NOTHING_IS_KEPT)

    point, faults.point = faults.point, refuse
    try:
        yield
    finally:
        faults.point = point


def _furnish(world: World, canary: str) -> Tenant:
    """An organisation whose every table holds something, for each of two candidates where it is theirs."""
    organisation_id = make_tenant(world.database, canary)
    with world.database.transaction(organisation_id) as session:
        make_office(session)
        make_course(session)
        make_calibration(session, items=GOLD[1:])
        session.execute(update(Item).where(Item.identifier == GOLD[0]).values(identifier=f"of-the-{canary}"))
        marked_tests.make_marked_test(session, at=AT)
        people = [qualify(session, name=f"{canary} {name}") for name in ("Ada", "Ben")]
        sit_late(session, make_person(session, name=f"{canary} Cyd").id, at=AT, right=8, late=0)
        late = make_person(session, name=f"{canary} Dot").id
        sit_late(session, late, at=AT, right=2, late=4)
        marked_tests.hand_in(session, late, at=AT)
        for person_id in people:
            start_attempt(session, test_slug=marked_tests.BANK, person_id=person_id, at=clock.now())
        signing = make_signing(session, world.app)
        for person_id in people:
            give(session, person_id=person_id, scopes=list(ConsentScope), at=AT)
        for state in (CertificateState.SUSPENDED, CertificateState.VALID):
            change(session, signing, the_certificate(session, people[1]).id, state)
        draft = start_from(session, BANK)
        save_test_draft(session, slug="drafted", terms=draft, revision=0, person_id=people[1], at=AT)
        key_id = session.scalars(select(AnswerKey.id).join(ItemVersion).join(Item).where(Item.identifier == "choice-1"))
        propose_regrade(
            session, old_key_id=key_id.one(), new_key_id=None, reason="Two of them.", person_id=people[1], at=AT
        )
        say_canary(session, canary, organisation_id)
    deliver_all(world.app)
    tenant = Tenant(organisation_id, canary, *people)
    with world.database.transaction(organisation_id) as session:
        key = make_key(
            session,
            name="Platform",
            scopes=list(Scope),
            expires_at=clock.now() + timedelta(days=9),
            rate_per_minute=HIGHEST_RATE,
            by=people[1],
            at=AT,
        )
        session.execute(update(ApiKey).values(last_used_at=clock.now() + timedelta(hours=1)))  # it is noted seldom
        _fill_what_is_empty(session, tenant)
        say_canary(session, canary, organisation_id)
    name = f"{canary}'s key"
    world.actors[name] = Actor(name, tenant=canary, key=key.secret)
    return tenant


def _outage(session: Session) -> None:
    """Times when the service was away concern every organisation."""
    away = {"began_at": AT - timedelta(days=9), "ended_at": AT - timedelta(days=8), "reason": "silence"}
    session.add(Outage(id=uuid4(), state=OutageState.WAITING, found_by="heartbeat", **away))


def _fill_what_is_empty(session: Session, tenant: Tenant) -> None:
    first = Owner(tenant.id, tenant.person_id, tenant.other_id, tenant.canary)
    second = Owner(tenant.id, tenant.other_id, tenant.person_id, tenant.canary)
    personal = {each.table for each in (*DRAWN.values(), *DRAWN_BY.values()) if each.is_personal}
    for mapper in mappers():
        if not has_rows(session, table_of(mapper), tenant.id):
            for owner in (first, second) if table_of(mapper).name in personal else (first,):
                add_row(session, mapper, owner)


def _people(world: World, slug: str) -> None:
    tenant = world.tenants[slug]
    with world.database.transaction(tenant.id) as session:
        for name, person_id in (("candidate", tenant.person_id), ("other candidate", tenant.other_id)):
            _enters(world, session, slug, name, person_id, frozenset({Role.CANDIDATE}))
        for role in STAFF[slug]:
            person = make_person(session, name=f"{slug} {role}", roles=(role,))
            _enters(world, session, slug, role.value, person.id, frozenset({role}))
        if slug == "quokka":
            _are_out(world, session, slug)


def _are_out(world: World, session: Session, slug: str) -> None:
    """People whose sign-in is as good as ever, and who are out all the same."""
    gone = make_person(session, name=f"{slug} gone", roles=(Role.MANAGER,))
    _enters(world, session, slug, "ex-member", gone.id, frozenset())
    locked = make_person(session, name=f"{slug} locked", roles=(Role.MANAGER,))
    _enters(world, session, slug, "suspended", locked.id, frozenset())
    # By hand, so that the sign-ins stay: they alone must not suffice.
    session.execute(delete(Membership).where(Membership.person_id == gone.id))
    session.execute(
        update(Person)
        .where(Person.id == locked.id)
        .values(state=PersonState.SUSPENDED, suspension_reason="It was found out.")
    )


def _enters(world: World, session: Session, slug: str, name: str, person_id: UUID, roles: frozenset[Role]) -> None:
    organisation_id = world.tenants[slug].id
    token = start_sign_in(
        session, person_id=person_id, organisation_id=organisation_id, user_agent="a test", at=clock.now()
    )
    key = f"{slug}'s {name}"
    world.actors[key] = Actor(key, roles=roles, tenant=slug, person_id=person_id, token=token)
