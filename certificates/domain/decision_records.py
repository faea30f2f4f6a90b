"""Records of decisions: everything that one rests on as JSON values, and back, so that it can be replayed."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from certificates.domain.entitlement_facts import CertificateFact, QualityFact, SanctionFact
from certificates.domain.entitlements import AccountStanding, EarlierTerms, Inputs, Terms
from certificates.domain.judging import Lack, Missing, SomeMissing
from certificates.domain.requirement_json import parse_requirement
from certificates.domain.requirements import Source, as_json
from certificates.domain.standing import CertificateState


def inputs_as_json(inputs: Inputs) -> dict[str, Any]:
    """Everything that a decision rests on; instants in ISO 8601, scores as exact fractions in text."""
    return {
        "at": inputs.at.isoformat(),
        "action": inputs.action,
        "tier": str(inputs.tier),
        "account": inputs.account.value,
        "is_member": inputs.is_member,
        "had_it": inputs.had_it,
        "terms": None if inputs.terms is None else _terms_as_json(inputs.terms),
        "certificates": [_certificate_as_json(one) for one in inputs.certificates],
        "quality": [_quality_as_json(one) for one in inputs.quality],
        "sanctions": [_sanction_as_json(one) for one in inputs.sanctions],
    }


def _terms_as_json(terms: Terms) -> dict[str, Any]:
    return {
        "number": terms.number,
        "requirement": as_json(terms.requirement),
        "earlier": [
            {
                "number": before.number,
                "requirement": as_json(before.requirement),
                "replaced_at": before.replaced_at.isoformat(),
                "grace_until": before.grace_until.isoformat(),
            }
            for before in terms.earlier
        ],
    }


def _certificate_as_json(one: CertificateFact) -> dict[str, Any]:
    return {
        "id": one.id,
        "organisation": one.organisation.value,
        "slug": one.slug,
        "issued_at": one.issued_at.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "state": one.state.value,
        "score": str(one.score),
        "skills": {skill: str(score) for skill, score in one.skills.items()},
        "is_under_review": one.is_under_review,
    }


def _quality_as_json(one: QualityFact) -> dict[str, Any]:
    shares = {"estimate": str(one.estimate), "low": str(one.low), "high": str(one.high)}
    return {"skill": one.skill, "tasks": one.tasks} | shares


def _sanction_as_json(one: SanctionFact) -> dict[str, Any]:
    tier = None if one.tier is None else str(one.tier)
    return {"id": str(one.id), "tier": tier, "since": one.since.isoformat(), "reason": one.reason}


def parse_inputs(record: Mapping[str, Any]) -> Inputs:
    """What `inputs_as_json` wrote. Raises KeyError and ValueError for what it did not."""
    terms = record["terms"]
    return Inputs(
        at=datetime.fromisoformat(record["at"]),
        action=record["action"],
        tier=UUID(record["tier"]),
        account=AccountStanding(record["account"]),
        is_member=record["is_member"],
        had_it=record["had_it"],
        terms=None if terms is None else _parse_terms(terms),
        certificates=tuple(_parse_certificate(one) for one in record["certificates"]),
        quality=tuple(_parse_quality(one) for one in record["quality"]),
        sanctions=tuple(_parse_sanction(one) for one in record["sanctions"]),
    )


def _parse_terms(record: Mapping[str, Any]) -> Terms:
    earlier = tuple(
        EarlierTerms(
            number=before["number"],
            requirement=parse_requirement(before["requirement"]),
            replaced_at=datetime.fromisoformat(before["replaced_at"]),
            grace_until=datetime.fromisoformat(before["grace_until"]),
        )
        for before in record["earlier"]
    )
    return Terms(record["number"], parse_requirement(record["requirement"]), earlier)


def _parse_certificate(record: Mapping[str, Any]) -> CertificateFact:
    return CertificateFact(
        id=record["id"],
        organisation=Source(record["organisation"]),
        slug=record["slug"],
        issued_at=datetime.fromisoformat(record["issued_at"]),
        valid_until=datetime.fromisoformat(record["valid_until"]),
        state=CertificateState(record["state"]),
        score=Fraction(record["score"]),
        skills={skill: Fraction(score) for skill, score in record["skills"].items()},
        is_under_review=record["is_under_review"],
    )


def _parse_quality(record: Mapping[str, Any]) -> QualityFact:
    estimate, low, high = (Fraction(record[share]) for share in ("estimate", "low", "high"))
    return QualityFact(record["skill"], estimate, low, high, record["tasks"])


def _parse_sanction(record: Mapping[str, Any]) -> SanctionFact:
    tier = None if record["tier"] is None else UUID(record["tier"])
    return SanctionFact(UUID(record["id"]), tier, datetime.fromisoformat(record["since"]), record["reason"])


def missing_as_json(missing: Missing) -> dict[str, Any]:
    """What is missing, as JSON values: one thing with its facts, or a group of things of which so many are needed."""
    if isinstance(missing, Lack):
        return {"kind": missing.kind.value, "facts": dict(missing.facts)}
    parts = [missing_as_json(part) for part in missing.parts]
    count = missing.count if isinstance(missing, SomeMissing) else len(parts)
    return {"kind": "some-of" if count < len(parts) else "all-of", "count": count, "parts": parts}
