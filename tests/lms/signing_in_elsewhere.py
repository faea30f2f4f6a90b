"""A service that signs people in with Assay, as tests play it: its client, its requests, what it gets back."""

import base64
import hashlib
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms import clock
from lms.db.session import Database
from lms.oidc.clients import make_client
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.people import make_person

BACK = "https://tasks.example/signed-in"
VERIFIER = "a-verifier-of-the-service-that-is-long-enough-0"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
ASKED = {
    "response_type": "code",
    "redirect_uri": BACK,
    "scope": "openid profile email",
    "state": "as we left it",
    "nonce": "n-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@dataclass(frozen=True)
class Service:
    """A client with its secret."""

    id: UUID
    client_id: str
    secret: str | None
    organisation_id: UUID
    basic: dict[str, str] = field(default_factory=dict)


def make_service(
    database: Database,
    *,
    organisation_id: UUID = PUBLIC_ORGANISATION_ID,
    keeps_secrets: bool = True,
    name: str = "Tasks",
) -> Service:
    with database.transaction(organisation_id) as session:
        manager = make_person(session, roles=(Role.MANAGER,))
        made = make_client(
            session, name=name, redirect_uris=[BACK], keeps_secrets=keeps_secrets, person_id=manager.id, at=clock.now()
        )
    word = base64.b64encode(f"{made.client_id}:{made.secret}".encode()).decode()
    return Service(made.id, made.client_id, made.secret, organisation_id, {"Authorization": f"Basic {word}"})


def make_organisation(session: Session, *, slug: str = "vendor", name: str = "Vendor of tasks") -> Organisation:
    organisation = Organisation(slug=slug, name=name, created_at=clock.now())
    session.add(organisation)
    session.flush()
    return organisation


def address_of(service: Service, **changes: str | None) -> str:
    """The address to which the service sends somebody; None leaves a parameter out."""
    asked = {**ASKED, "client_id": service.client_id, **changes}
    return "/oauth/authorize?" + urlencode({name: value for name, value in asked.items() if value is not None})


def answer_of(location: str) -> dict[str, str]:
    """What came back in the address."""
    return dict(parse_qsl(urlsplit(location).query))


def agree(client: FlaskClient, service: Service, **changes: str | None) -> dict[str, str]:
    """Say yes on the page that asks, and return what the service gets."""
    address = address_of(service, **changes)
    client.get(address)
    page = client.post(address.replace("/oauth/authorize", "/oauth/authorize/answer"), data={"do": "allow"})
    return answer_of(way_on(page.text))


def way_on(page: str) -> str:
    """The address in the page of leaving."""
    return page.partition('content="0; url=')[2].partition('"')[0].replace("&amp;", "&")


def exchange(client: FlaskClient, service: Service, code: str, **changes: str):
    """Change a code into tokens, as the server of a service does."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        **changes,
    }
    return client.post("/oauth/token", data=form, headers=service.basic)
