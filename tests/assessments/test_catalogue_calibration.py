"""calibration.yaml: read with its items, every fault named with file and line, loaded and retired with its track."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from assessments.adapters.catalogue_calibration import read_calibration
from assessments.adapters.catalogue_items import read_items
from assessments.domain.calibration import Standard
from assessments.domain.scores import weigh
from assessments.operations.catalogue import check_catalogue, load_catalogue
from assessments.queries.calibration import find_calibration, get_calibration
from lms.catalogue.findings import Findings
from lms.catalogue.readers import Catalogue
from lms.organisations.models import PUBLIC_ORGANISATION_ID

SHIPPED = Path(__file__).parents[2] / "courses" / "catalogue" / "fact-versus-fiction"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FILE = """title: A calibration
summary: Agree.
agreement: 0.8
window: 2
items:
  - fvf-p-choice-01
  - fvf-p-claim-01
"""


@pytest.fixture
def track(tmp_path) -> Path:
    folder = tmp_path / "fact-versus-fiction"
    shutil.copytree(SHIPPED, folder)
    return folder


def faults(track: Path, text: str) -> list[str]:
    (track / "calibration.yaml").write_text(text)
    findings = Findings()
    check_catalogue(Catalogue(None, (track,)), findings)
    return [str(finding).removeprefix(f"{track}/") for finding in findings.sorted()]


def test_the_shipped_calibration_is_sound_and_reported():
    findings = Findings()
    report = check_catalogue(Catalogue(None, (SHIPPED,)), findings)

    assert findings.sorted() == []
    assert any("calibration 0.800 over 12 of 24 items" in line for line in report)


def test_a_sound_file_has_no_fault(track):
    assert faults(track, FILE) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("agreement: 0.8", "agreement: 1.5", 3, "agreement: input should be less than or equal to 1"),
        ("window: 2", "window: 0", 4, "window: input should be greater than or equal to 1"),
        ("window: 2", "window: 3", 4, "window is 3, and there are 2 gold items"),
        ("title: A calibration\n", "", 1, "title is missing"),
        ("fvf-p-claim-01", "fvf-p-claim-99", 7, "there is no item fvf-p-claim-99; expected the id of a practice item"),
        ("fvf-p-claim-01", "fvf-split-01", 7, "fvf-split-01 is a test item, whose answer is shown to nobody"),
        ("fvf-p-claim-01", "fvf-p-choice-01", 7, "fvf-p-choice-01 is listed twice"),
        ("window: 2", "window: 2\nskills: [verdict]", 1, "expected either items"),
        ("agreement: 0.8", "agreement: 0.05", 3, "a simple strategy agrees on"),
        ("agreement: 0.8", "agreement: 0.8\ncolour: red", 4, "colour is not a known field"),
    ],
)
def test_a_fault_is_named_with_its_line_and_what_was_expected(track, old, new, line, said):
    found = faults(track, FILE.replace(old, new))

    assert any(fault.startswith(f"calibration.yaml:{line}: ") and said in fault for fault in found), found


def test_skills_take_all_their_practice_items(track):
    text = FILE.partition("items:")[0] + "skills: [verdict]\n"
    assert faults(track, text.replace("window: 2", "window: 6")) == []
    assert "6 gold items" in faults(track, text.replace("window: 2", "window: 7"))[0]


def test_an_unknown_skill_is_named_with_those_that_there_are(track):
    found = faults(track, FILE.partition("items:")[0] + "skills:\n  - verdict\n  - cooking\n")

    assert found == [
        "calibration.yaml:7: skills: no practice item has the skill cooking; expected one of claim-splitting, "
        "confidence, evidence, verdict"
    ]


def test_a_track_is_loaded_with_its_calibration_and_once_is_enough(database):
    catalogue = Catalogue(None, (SHIPPED,))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        (first,) = load_catalogue(session, catalogue, AT)
        (second,) = load_catalogue(session, catalogue, AT)
        terms = get_calibration(session, SHIPPED.name)

    assert first.endswith("calibration new terms")
    assert second.endswith("calibration unchanged")
    assert terms.standard == Standard(Fraction(4, 5), 12)
    assert len(terms.gold) == 24


def test_a_calibration_whose_file_is_gone_is_retired(database, track):
    catalogue = Catalogue(None, (track,))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        load_catalogue(session, catalogue, AT)
        (track / "calibration.yaml").unlink()
        (line,) = load_catalogue(session, catalogue, AT)
        (again,) = load_catalogue(session, catalogue, AT)

        assert find_calibration(session, track.name) is None
    assert line.endswith("calibration retired")
    assert again.endswith("unchanged")


def test_an_item_that_waits_for_a_marker_is_refused_with_the_reason(track):
    items = dict(read_items(track, Findings()))
    (track / "calibration.yaml").write_text(FILE)
    gold = items["fvf-p-claim-01"]
    waits = replace(gold.kind, score=lambda *_: weigh(waiting={"style": Fraction(1)}))
    findings = Findings()

    read_calibration(track, {**items, "fvf-p-claim-01": replace(gold, kind=waits)}, findings)

    said = f"{track}/calibration.yaml:7: items: fvf-p-claim-01 cannot be gold: its score waits for a marker (style)"
    assert any(str(finding).startswith(said) for finding in findings.sorted())
