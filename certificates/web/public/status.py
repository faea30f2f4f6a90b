"""Status lists for strangers: which credentials are revoked or suspended; nobody learns which one is looked up."""

import json
import time
from dataclasses import dataclass
from threading import Lock

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from certificates.adapters.key_ring import ActiveKey
from certificates.domain.issuer import did_of
from certificates.domain.status_list import LENGTH, StatusPurpose, encode_bits, list_content
from certificates.models.keys import KeyPurpose
from certificates.queries.status_lists import Signer, find_signer, list_set_bits, log_root
from certificates.web.public.blueprint import certificates_public
from certificates.web.signing import signing
from lms import clock
from lms.errors import NotFound
from lms.web.limits import limiter
from lms.web.policy import public
from lms.web.transactions import database

# The registered type of a verifiable credential with an embedded proof (VC Data Model 2.0, section C.1);
# application/vc+ld+json was that of its drafts.
MEDIA_TYPE = "application/vc"
MAX_AGE = 30  # seconds that others may keep a list
PATIENCE = 20.0  # seconds that we keep it while the log stays; together with MAX_AGE less than a minute
LIMIT = "120 per minute"
_LARGEST = 2**31 - 1  # the largest number that the database takes
_KEPT = "assay.status_lists"


@dataclass(frozen=True, slots=True)
class _Made:
    """A signed list; `of` names the state of the log and the key with which it was made, at a monotonic second."""

    of: tuple[str | None, str]
    made_at: float
    body: bytes

    def is_good(self, of: tuple[str | None, str]) -> bool:
        return self.of == of and time.monotonic() - self.made_at < PATIENCE


@certificates_public.get("/status/<any(revocation, suspension):purpose>-<int:number>")
@public
@limiter.limit(LIMIT)
def status_list(purpose: str, number: int) -> ResponseReturnValue:
    """One list as a signed credential. It holds all entries alike: nobody learns which one somebody looks up."""
    response = Response(_list(StatusPurpose(purpose), number), mimetype=MEDIA_TYPE)
    response.cache_control.public, response.cache_control.max_age = True, MAX_AGE
    response.access_control_allow_origin = "*"  # verifiers run in browsers as well
    response.add_etag()
    return response.make_conditional(request)


def _list(purpose: StatusPurpose, number: int) -> bytes:
    """The list as it is now; each process keeps it for a while, or until the log or the key is another one."""
    kept, lock = current_app.extensions.setdefault(_KEPT, ({}, Lock()))
    signs = signing()
    with database().reading() as session:
        signer = find_signer(session, number) if number <= _LARGEST else None
        if signer is None:
            raise NotFound(_("There is no such status list."))
        key = signs.keys.active(session, KeyPurpose.CREDENTIAL)
        of = (log_root(session), key.id)
        with lock:  # of many who ask at once, one makes it
            made: _Made | None = kept.get((purpose, number))
            if made is None or not made.is_good(of):
                body = _make(session, purpose, number, signer, key, signs.base_url)
                made = _Made(of, time.monotonic(), body)
                kept[purpose, number] = made
    return made.body


def _make(
    session: Session, purpose: StatusPurpose, number: int, signer: Signer, key: ActiveKey, base_url: str
) -> bytes:
    # PyLD, which the proof needs, is heavy: a process that serves pages loads it with the first list it is asked for.
    from certificates.adapters.data_integrity import add_proof  # noqa: PLC0415  # see above

    at, issuer = clock.now(), did_of(base_url, signer.slug, is_public=signer.is_public)
    content = list_content(
        base_url=base_url,
        purpose=purpose,
        number=number,
        issuer=issuer,
        encoded=encode_bits(list_set_bits(session, purpose=purpose, number=number), LENGTH),
        at=at,
    )
    signed = add_proof(content, key=key.private, verification_method=f"{issuer}#{key.id}", created=at)
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()
