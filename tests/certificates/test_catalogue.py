"""The catalogue's certificate.yaml and tiers.yaml: every fault with its line, loading without new versions."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from certificates.models.achievements import AchievementVersion
from certificates.operations.catalogue import check_certificates, load_certificates
from certificates.queries.achievements import find_achievement
from certificates.queries.tiers import list_tiers
from lms.catalogue.findings import Findings
from lms.catalogue.readers import Catalogue
from lms.errors import Invalid
from tests.certificates.factories import AT

CERTIFICATE = """\
name: Claim Splitter
description: Splits claims.
criteria: A test of ten tasks.
validity_months: 24
"""
TIERS = """\
- id: generalist
  title: Generalist
  domain: General review
  summary: Checks answers.
  pay: {low: 40, high: 50, currency: USD, per: hour}
  requires: [splitting]
- id: expert
  title: Expert
  domain: Psychiatry
  summary: Checks advice.
  pay: {low: 200, high: 350, currency: USD, per: hour}
  announced: true
"""


def write_catalogue(root: Path, *, certificate: str = CERTIFICATE, tiers: str | None = TIERS) -> Catalogue:
    track = root / "splitting"
    track.mkdir()
    (track / "certificate.yaml").write_text(certificate)
    if tiers is not None:
        (root / "tiers.yaml").write_text(tiers)
    return Catalogue(root=root, tracks=(track,))


def faults(catalogue: Catalogue) -> list[str]:
    findings = Findings()
    check_certificates(catalogue, findings)
    return [f"{finding.path.name}:{finding.line}: {finding.message}" for finding in findings.sorted()]


def test_a_sound_catalogue_has_no_faults_and_a_report(tmp_path):
    findings = Findings()

    report = check_certificates(write_catalogue(tmp_path), findings)

    assert not findings
    assert report == ["splitting: certifies Claim Splitter, for 24 months", "tiers: 2, of which 1 are only announced"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("validity_months: 24", "validity_months: 0", 4, "greater than or equal to 1"),
        ("criteria: A test of ten tasks.\n", "", 1, "criteria is missing"),
        ("name: Claim Splitter", "name: Claim Splitter\nlogo: x.png", 2, "logo is not a known field"),
        ("Splits claims.", "long " * 200, 2, "at most 700 characters"),
    ],
)
def test_a_faulty_certificate_is_named_with_its_line(tmp_path, old, new, line, said):
    [fault] = faults(write_catalogue(tmp_path, certificate=CERTIFICATE.replace(old, new)))

    assert fault.startswith(f"certificate.yaml:{line}: ")
    assert said in fault


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("[splitting]", "[merging]", 6, "requires merging, which certifies nothing here; expected one of splitting"),
        ("  requires: [splitting]\n", "", 1, "needs either requires, or a requirement, or announced"),
        ("  announced: true", "  announced: true\n  requires: [splitting]", 7, "only one of them"),
        ("currency: USD, per: hour}\n  req", "currency: dollars, per: hour}\n  req", 5, "currency"),
        ("low: 40", "low: 60", 5, "low must not be above high"),
        ("id: expert", "id: generalist", 7, "used twice"),
        ("[splitting]", "[splitting, splitting]", 1, "names a track twice"),
    ],
)
def test_a_faulty_tier_is_named_with_its_line(tmp_path, old, new, line, said):
    [fault] = faults(write_catalogue(tmp_path, tiers=TIERS.replace(old, new, 1)))

    assert fault.startswith(f"tiers.yaml:{line}: ")
    assert said in fault


def test_a_track_for_practice_alone_certifies_nothing(session, tmp_path):
    catalogue = write_catalogue(tmp_path, tiers=None)
    (catalogue.tracks[0] / "certificate.yaml").unlink()
    findings = Findings()

    report = check_certificates(catalogue, findings)

    assert not findings
    assert report[0] == "splitting: certifies nothing, for want of a certificate.yaml"
    assert load_certificates(session, catalogue, AT) == []


def test_a_list_is_expected(tmp_path):
    assert faults(write_catalogue(tmp_path, tiers="id: generalist\n")) == ["tiers.yaml:1: expected a list of tiers"]


def test_loading_twice_makes_no_new_version(session, tmp_path):
    catalogue = write_catalogue(tmp_path)

    first = load_certificates(session, catalogue, AT)
    second = load_certificates(session, catalogue, AT)

    assert first == ["achievement splitting: now version 1", "tiers: 2 published, 0 withdrawn"]
    assert second == ["achievement splitting: unchanged", "tiers: 2 published, 0 withdrawn"]
    assert [(tier.slug, tier.is_announced) for tier in list_tiers(session)] == [("generalist", False), ("expert", True)]


def test_a_change_makes_a_version_and_going_back_makes_none(session, tmp_path):
    catalogue = write_catalogue(tmp_path)
    load_certificates(session, catalogue, AT)
    file = catalogue.tracks[0] / "certificate.yaml"
    file.write_text(CERTIFICATE.replace("24", "12"))

    assert load_certificates(session, catalogue, AT)[0] == "achievement splitting: now version 2"
    file.write_text(CERTIFICATE)
    assert load_certificates(session, catalogue, AT)[0] == "achievement splitting: now version 1"

    achievement = find_achievement(session, "splitting")
    assert achievement is not None
    assert achievement.validity_months == 24
    assert session.scalar(select(func.count()).select_from(AchievementVersion)) == 2


def test_the_file_of_tiers_is_the_whole_list(session, tmp_path):
    catalogue = write_catalogue(tmp_path)
    load_certificates(session, catalogue, AT)
    (tmp_path / "tiers.yaml").write_text(TIERS.replace("id: expert", "id: master").replace("low: 40", "low: 45"))

    lines = load_certificates(session, catalogue, AT)

    assert lines[1] == "tiers: 2 published, 1 withdrawn"
    assert [(tier.slug, tier.pay_low) for tier in list_tiers(session)] == [("generalist", 45), ("master", 200)]


def test_a_single_track_leaves_the_tiers_alone(session, tmp_path):
    catalogue = write_catalogue(tmp_path)
    load_certificates(session, catalogue, AT)

    load_certificates(session, Catalogue(root=None, tracks=catalogue.tracks), AT)

    assert len(list_tiers(session)) == 2


def test_a_faulty_file_is_not_loaded(session, tmp_path):
    with pytest.raises(Invalid, match="low must not be above high"):
        load_certificates(session, write_catalogue(tmp_path, tiers=TIERS.replace("low: 40", "low: 60")), AT)
