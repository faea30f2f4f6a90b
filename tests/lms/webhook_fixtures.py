"""Fixtures of the tests of webhooks: a receiver, an endpoint that leads to it, a worker, and people."""

import pytest

from lms.organisations.models import PUBLIC_ORGANISATION_ID
from lms.organisations.roles import Role
from tests.lms.webhook_factories import (
    make_handlers,
    make_listener,
)
from tests.lms.webhook_receiver import listening
from tests.people import make_person


@pytest.fixture
def receiver():
    with listening() as receiver:
        yield receiver


@pytest.fixture
def ada(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_person(session).id


@pytest.fixture
def endpoint(database, receiver):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_listener(session, receiver.url)


@pytest.fixture
def handlers(app):
    return make_handlers(app)


@pytest.fixture
def manager(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_person(session, roles=(Role.MANAGER,)).id
