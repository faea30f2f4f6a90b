"""What a credential states, read back from its content, and whether a certificate's record states the same."""

from collections.abc import Iterator
from typing import Any

from certificates.domain.contents import CertificateView
from certificates.domain.figures import whole_percent
from certificates.domain.instants import as_seconds, read_seconds
from certificates.domain.verdicts import Facts, Result


def facts_of(content: dict[str, Any]) -> Facts:
    """The facts of a credential's content.

    Raises ValueError for what is not of the shape that `check_shape` lets pass.
    """
    try:
        subject = content["credentialSubject"]
        certificate, number = _named_by(content["id"])
        return Facts(
            certificate_id=certificate,
            number=number,
            holder_name=subject["identifier"][0]["identityHash"],
            achievement=content["name"],
            issuer=content["issuer"]["name"],
            issuer_did=content["issuer"]["id"],
            issued_at=read_seconds(content["validFrom"]),
            valid_until=read_seconds(content["validUntil"]),
            results=tuple(_results(subject)),
        )
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ValueError("it has not the members of a credential of ours") from None


def differences(view: CertificateView, content: dict[str, Any]) -> list[str]:
    """What a certificate's record states otherwise than a credential's content, a sentence each."""
    facts = facts_of(content)
    achievement = content["credentialSubject"]["achievement"]
    scores = [view.score, *(skill.score for skill in view.skills)]
    cut = achievement["resultDescription"][0].get("requiredValue")
    compared = {
        "The id": (view.id, facts.certificate_id),
        "The holder's name": (view.holder_name, facts.holder_name),
        "The achievement": (view.achievement, facts.achievement),
        "The description": (view.description, achievement["description"]),
        "What was required": (view.criteria, achievement["criteria"]["narrative"]),
        "The day of issue": (as_seconds(view.issued_at), as_seconds(facts.issued_at)),
        "The last day": (as_seconds(view.valid_until), as_seconds(facts.valid_until)),
        "What was tested": ([skill.title for skill in view.skills], [result.name for result in facts.results[1:]]),
        "The scores": ([str(whole_percent(score)) for score in scores], [each.percent for each in facts.results]),
        "The score that was needed": (str(whole_percent(view.cut_score)), cut),
    }
    return [
        f"{name} in the record is not what was signed." for name, (here, signed) in compared.items() if here != signed
    ]


def _named_by(address: str) -> tuple[str, int]:
    """The certificate and the number in a credential's id, …/certificates/<id>/credential/<number>."""
    before, _, number = address.partition("/credential/")
    certificate = before.rpartition("/certificates/")[2]
    if not certificate or not number.isascii() or not number.isdigit():
        raise ValueError("its id does not name a certificate")
    return certificate, int(number)


def _results(subject: dict[str, Any]) -> Iterator[Result]:
    """The overall result first, then those of the skills, in the order in which they stand."""
    named = {described["id"]: described["name"] for described in subject["achievement"]["resultDescription"]}
    for result in subject["result"]:
        described = result["resultDescription"]
        level = result.get("achievedLevel")
        yield Result(
            name=named[described],
            percent=result["value"],
            level=level.rpartition("#level-")[2] if level else None,
        )
