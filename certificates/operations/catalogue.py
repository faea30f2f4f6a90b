"""Loading the achievements and tiers of a catalogue."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from certificates.adapters.catalogue import CertificateFile, TierEntry, certifies, read_certificate, read_tiers
from certificates.domain.requirement_json import parse_requirement
from certificates.operations.achievements import publish_from_files
from certificates.operations.publishing import AchievementDraft, TierDraft, publish_tiers
from lms.catalogue.findings import Findings
from lms.catalogue.readers import Catalogue
from lms.errors import Invalid

TIERS = "tiers.yaml"


def check_certificates(catalogue: Catalogue, findings: Findings) -> list[str]:
    """Check every certificate.yaml and, in a whole catalogue, tiers.yaml."""
    lines = [_check_achievement(track, findings) for track in catalogue.tracks]
    if catalogue.root is not None:
        tiers = _tiers(catalogue, catalogue.root, findings)
        announced = sum(tier.announced for tier in tiers)
        lines.append(f"tiers: {len(tiers)}, of which {announced} are only announced")
    return lines


def _check_achievement(track: Path, findings: Findings) -> str:
    if not certifies(track):
        return f"{track.name}: certifies nothing, for want of a certificate.yaml"
    certificate = read_certificate(track, findings)
    if certificate is None:
        return f"{track.name}: what it certifies cannot be read"
    return f"{track.name}: certifies {certificate.name}, for {certificate.validity_months} months"


def load_certificates(session: Session, catalogue: Catalogue, at: datetime) -> list[str]:
    """Publish what is new or changed. A single track leaves the tiers as they are.

    Raises Invalid for a faulty file, which a check would have named.
    """
    lines = [_load_achievement(session, track, at) for track in catalogue.tracks if certifies(track)]
    if catalogue.root is not None and (catalogue.root / TIERS).exists():
        lines.append(_load_tiers(session, catalogue, catalogue.root, at))
    return lines


def _load_achievement(session: Session, track: Path, at: datetime) -> str:
    findings = Findings()
    certificate = read_certificate(track, findings)
    if certificate is None:
        raise _refusal(findings)
    number = publish_from_files(session, draft=_achievement(track.resolve().name, certificate), at=at)
    return f"achievement {track.name}: {'unchanged' if number is None else f'now version {number}'}"


def _load_tiers(session: Session, catalogue: Catalogue, root: Path, at: datetime) -> str:
    findings = Findings()
    tiers = _tiers(catalogue, root, findings)
    if findings:
        raise _refusal(findings)
    withdrawn = publish_tiers(session, drafts=[_tier(tier) for tier in tiers], at=at)
    return f"tiers: {len(tiers)} published, {withdrawn} withdrawn"


def _tiers(catalogue: Catalogue, root: Path, findings: Findings) -> list[TierEntry]:
    return read_tiers(root / TIERS, {track.name for track in catalogue.tracks if certifies(track)}, findings)


def _refusal(findings: Findings) -> Invalid:
    return Invalid(f"this cannot be loaded: {findings.sorted()[0]}")


def _achievement(slug: str, file: CertificateFile) -> AchievementDraft:
    return AchievementDraft(
        slug=slug,
        name=file.name,
        description=file.description,
        criteria=file.criteria,
        validity_months=file.validity_months,
    )


def _tier(entry: TierEntry) -> TierDraft:
    return TierDraft(
        slug=entry.id,
        title=entry.title,
        domain=entry.domain,
        summary=entry.summary,
        pay_low=entry.pay.low,
        pay_high=entry.pay.high,
        currency=entry.pay.currency,
        per=entry.pay.per,
        requires=entry.requires,
        requirement=None if entry.requirement is None else parse_requirement(entry.requirement),
        languages=entry.languages,
        reason=entry.reason,
        grace_days=entry.grace_days,
    )
