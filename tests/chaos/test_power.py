"""When the power fails, SQLite has every acknowledged answer, whatever became of what was not yet synced."""

import random

import pytest
from sqlalchemy import text

from tests.chaos.power import Writer, faults_of, take_image


@pytest.mark.parametrize("seed", range(2))
def test_no_acknowledged_answer_is_lost_with_the_power(tmp_path, seed):
    chance = random.Random(seed)
    writer = Writer(tmp_path / "assay.db")
    images = []
    for number in range(120):
        writer.answer()
        if chance.random() < 0.25:
            under_way = writer.answer_in_part() if chance.random() < 0.6 else None
            images.append(take_image(writer, tmp_path / f"image-{number}", chance))
            if under_way is not None:
                under_way.execute("ROLLBACK")
                under_way.close()
    writer.close()

    assert len(images) > 15
    assert [fault for image in images for fault in faults_of(image)] == []


def test_something_is_written_beyond_what_is_synced_so_that_there_is_something_to_lose(tmp_path):
    writer = Writer(tmp_path / "assay.db")
    writer.answer()
    under_way = writer.answer_in_part()

    assert writer.log.stat().st_size > writer.synced_bytes + 4096
    under_way.close()
    writer.close()


def test_a_lost_acknowledged_answer_would_be_noticed(tmp_path):
    writer = Writer(tmp_path / "assay.db")
    for _ in range(20):
        writer.answer()
    writer.synced_bytes //= 2  # as if half of the acknowledged commits had not been synced
    chance = random.Random(1)
    images = [take_image(writer, tmp_path / f"image-{number}", chance) for number in range(12)]
    writer.close()

    assert any("were acknowledged" in fault for image in images for fault in faults_of(image))


def test_the_application_syncs_every_commit(tmp_path):
    writer = Writer(tmp_path / "assay.db")
    with writer.engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    writer.close()
