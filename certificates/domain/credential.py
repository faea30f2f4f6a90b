"""The credential of a certificate: what an Open Badges 3.0 credential says, before it is signed.

Sources: Open Badges 3.0 (1EdTech), appendix B.1; Verifiable Credentials Data Model v2.0 and Bitstring Status List v1.0
(W3C).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from certificates.domain.contents import CertificateView
from certificates.domain.credential_shape import find_fault
from certificates.domain.figures import whole_percent
from certificates.domain.instants import as_seconds
from certificates.domain.issuer import Issuer
from certificates.domain.levels import Level, level_of

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
TYPES = ["VerifiableCredential", "OpenBadgeCredential"]
OVERALL = "overall"  # the result of the whole test, beside those of its skills
_HOLDERS = UUID("a55a0000-0000-4000-8000-000000000010")  # the namespace of holders' ids
_NOT_CONTENT = {"evidence", "proof"}


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a credential's status stands: the number of the lists, and the index in each of them."""

    list: int
    index: int


def build_content(
    view: CertificateView, *, issuer: Issuer, base_url: str, number: int, status: StatusEntry
) -> dict[str, Any]:
    """What is committed to and signed, without evidence and proof. `number` counts a certificate's credentials from 1.

    No address and no internal id of a person is in it: the holder's id belongs to this certificate alone.
    """
    certificate = f"{base_url}/certificates/{view.id}"
    return {
        "@context": list(CONTEXTS),
        "id": f"{certificate}/credential/{number}",
        "type": list(TYPES),
        "name": view.achievement,
        "issuer": {"id": issuer.did, "type": ["Profile"], "name": issuer.name, "url": issuer.url},
        "validFrom": as_seconds(view.issued_at),
        "validUntil": as_seconds(view.valid_until),
        "credentialSubject": {
            "id": holder_id(view.id),
            "type": ["AchievementSubject"],
            "identifier": [_name_of_holder(view.holder_name)],
            "achievement": _achievement(view, f"{base_url}/achievements/{view.slug}"),
            "result": _results(view, f"{base_url}/achievements/{view.slug}"),
        },
        "credentialStatus": _status(base_url, status),
    }


def holder_id(certificate_id: str) -> str:
    """The holder's id: always the same in a certificate, and another one in every other certificate."""
    return uuid5(_HOLDERS, certificate_id).urn


def with_evidence(content: dict[str, Any], *, evidence: dict[str, Any]) -> dict[str, Any]:
    """The content with its evidence, ready to be signed."""
    return {**content, "evidence": [evidence]}


def content_of(document: dict[str, Any]) -> dict[str, Any]:
    """What a credential commits to: everything but its evidence and its proof."""
    return {name: value for name, value in document.items() if name not in _NOT_CONTENT}


def _name_of_holder(name: str) -> dict[str, Any]:
    return {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}


def _achievement(view: CertificateView, address: str) -> dict[str, Any]:
    overall = _result_description(address, OVERALL, "Overall result", level_of(view.score, view.cut_score))
    overall["requiredValue"] = _percent(view.cut_score)
    skills = [
        _result_description(address, f"skill-{skill.skill}", skill.title, level_of(skill.score, view.cut_score))
        for skill in view.skills
    ]
    return {
        "id": address,
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": view.achievement,
        "description": view.description,
        "criteria": {"narrative": view.criteria},
        "resultDescription": [overall, *skills],
    }


def _result_description(address: str, name: str, title: str, reached: Level) -> dict[str, Any]:
    """How a result is to be read. Of the levels it holds the one that was reached, which the result refers to."""
    return {
        "id": f"{address}#{name}",
        "type": ["ResultDescription"],
        "name": title,
        "resultType": "Percent",
        "valueMin": "0",
        "valueMax": "100",
        "rubricCriterionLevel": [_level(address, reached)],
    }


def _level(address: str, level: Level) -> dict[str, Any]:
    return {"id": f"{address}#level-{level.value}", "type": ["RubricCriterionLevel"], "name": level.value}


def _results(view: CertificateView, address: str) -> list[dict[str, Any]]:
    scores = [(OVERALL, view.score), *((f"skill-{skill.skill}", skill.score) for skill in view.skills)]
    return [
        {
            "type": ["Result"],
            "resultDescription": f"{address}#{name}",
            "value": _percent(score),
            "achievedLevel": f"{address}#level-{level_of(score, view.cut_score).value}",
        }
        for name, score in scores
    ]


def _percent(score: Fraction) -> str:
    """As the certificate shows it: whole percent, cut off and never rounded up."""
    return str(whole_percent(score))


def _status(base_url: str, status: StatusEntry) -> dict[str, Any]:
    """The one entry that Open Badges 3.0 allows (its credentialStatus is no array).

    Its bit is set while the credential is not to be relied on, for now or for good; the same index in the list
    /status/revocation-N tells which.
    """
    address = f"{base_url}/status/suspension-{status.list}"
    return {
        "id": f"{address}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "suspension",
        "statusListIndex": str(status.index),
        "statusListCredential": address,
    }


def check_shape(document: Any) -> None:
    """Raise ValueError, naming what is wrong, for anything that is not a signed credential of exactly our shape.

    JSON-LD drops members that it has no term for, so that they could be added without breaking the signature.
    """
    fault = find_fault(document)
    if fault is not None:
        raise ValueError(f"it is not a credential of ours, at {fault}")
