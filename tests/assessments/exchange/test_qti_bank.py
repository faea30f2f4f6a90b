"""QTI and the bank: what a package brings is stored, and what is exported comes back as nothing new."""

from datetime import UTC, datetime

import pytest

from assessments.adapters.file_formats import FORMATS
from assessments.adapters.qti.writing import WRITERS
from assessments.domain.item_types import ITEM_TYPES
from assessments.operations.exporting import export_items
from assessments.operations.imported_drafts import Defaults
from assessments.operations.importing import import_items
from tests.assessments.exchange.qti_files import CHOICE, declaration, item, package

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NUMBER = '<p>How many? <textEntryInteraction responseIdentifier="RESPONSE"/></p>'


def brought(session, folder, data, format_name="qti-3"):
    """What importing a package does to the bank."""
    path = folder / "package.zip"
    path.write_bytes(data)
    return import_items(
        session, format=FORMATS[format_name], path=path, bank="atlas", defaults=Defaults("geography"), at=NOW
    )


def test_sound_items_of_a_package_are_stored_and_the_others_are_named(session, tmp_path):
    survey = item(CHOICE, declaration(), identifier="survey")

    report = brought(session, tmp_path, package(item(CHOICE, identifier="capital"), survey))

    assert (report.rows_read, report.made, report.refused) == (2, 1, 1)
    assert report.refusals[0].where.startswith("items/2.xml, line ")
    assert not report.is_refused


@pytest.mark.parametrize("format_name", ["qti-3", "qti-2"])
def test_what_is_exported_comes_back_as_nothing_new(session, tmp_path, format_name):
    brought(session, tmp_path, package(item(CHOICE, identifier="capital")))

    exported = export_items(session, format=FORMATS[format_name], bank="atlas", at=NOW)
    report = brought(session, tmp_path, exported.data, format_name)

    assert (exported.written, exported.refusals) == (1, ())
    assert (report.made, report.unchanged, report.refused, report.omissions) == (0, 1, 0, ())


def test_every_type_that_qti_can_hold_is_a_type_of_items():
    assert WRITERS.keys() <= ITEM_TYPES.keys()
