"""What our log says to the proof that a credential carries: held, or what became of it."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from certificates.adapters.published_head import PUBLISHED
from certificates.domain.checkpoints import Checkpoint, read_note, sign_note
from certificates.domain.log_findings import LogFinding
from certificates.models.keys import KeyPurpose
from certificates.models.log import LogCheckpoint, LogHead, LogLeaf, LogNode
from certificates.queries.issuance_log import holds
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.log_factories import KEYS, ORIGIN, by_hand, grow_at_once, grow_log, make_log_key
from tests.statements import counted

SIZE = 11


@pytest.fixture
def inclusions(database):
    """A log of eleven leaves with their proofs; the last two came together."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_log_key(session)
        return [*grow_log(session, SIZE - 2), *grow_at_once(session, 2, first=SIZE - 2)]


def ask(database, inclusion, **options) -> LogFinding:
    with database.reading() as session:
        return holds(session, inclusion, **options)


def change_by_hand(database, *statements) -> None:
    with by_hand(database.engine) as session:
        for statement in statements:
            assert session.execute(statement).rowcount


def test_every_proof_that_was_handed_out_is_held(database, app, inclusions):
    published = read_note(app.extensions[PUBLISHED].read())

    assert {ask(database, inclusion, published=published) for inclusion in inclusions} == {LogFinding.HELD}


def test_it_takes_four_statements(database, inclusions):
    with counted(database) as sent:
        ask(database, inclusions[3])

    assert len(sent) <= 4


def test_a_proof_with_another_index_or_path_is_of_another_leaf(database, inclusions):
    proof = inclusions[6]

    assert ask(database, replace(proof, index=5)) is LogFinding.OTHER_LEAF
    assert ask(database, replace(proof, path=(bytes(32), *proof.path[1:]))) is LogFinding.OTHER_LEAF


def test_a_leaf_that_was_changed_by_hand_is_another(database, inclusions):
    change_by_hand(database, update(LogLeaf).where(LogLeaf.index == 4).values(commitment="0" * 64))

    assert ask(database, inclusions[4]) is LogFinding.OTHER_LEAF
    assert ask(database, inclusions[7]) is LogFinding.HELD


def test_a_leaf_that_was_removed_is_missing(database, inclusions):
    change_by_hand(database, delete(LogLeaf).where(LogLeaf.index == 4))

    assert ask(database, inclusions[4]) is LogFinding.NO_SUCH_LEAF


def test_a_log_that_went_back_is_rewound(database, inclusions):
    early = inclusions[2]
    change_by_hand(
        database,
        delete(LogLeaf).where(LogLeaf.index >= 6),
        delete(LogCheckpoint).where(LogCheckpoint.size > 6),
        update(LogHead).values(size=6),
    )

    assert ask(database, inclusions[8]) is LogFinding.REWOUND
    assert ask(database, early) is LogFinding.HELD
    assert ask(database, early, published=Checkpoint(ORIGIN, SIZE, bytes(32))) is LogFinding.REWOUND


def test_a_checkpoint_that_was_taken_away_is_a_rewound_log(database, inclusions):
    change_by_hand(database, delete(LogCheckpoint).where(LogCheckpoint.size == SIZE))

    assert ask(database, inclusions[4]) is LogFinding.REWOUND


@pytest.mark.parametrize(
    "statement",
    [
        update(LogNode).where(LogNode.level == 3).values(hash="0" * 64),
        delete(LogNode).where(LogNode.level == 3),
        update(LogNode).where(LogNode.level == 3).values(hash="x" * 64),
        update(LogCheckpoint).where(LogCheckpoint.size == SIZE).values(root="0" * 64),
        update(LogCheckpoint).where(LogCheckpoint.size == SIZE).values(root="x" * 64),
        update(LogCheckpoint).where(LogCheckpoint.size == SIZE).values(note="hello"),
    ],
)
def test_a_tree_that_was_changed_tells_its_past_otherwise(database, inclusions, statement):
    change_by_hand(database, statement)

    assert ask(database, inclusions[4]) is LogFinding.FORKED


def test_a_checkpoint_of_another_past_is_a_fork(database, inclusions):
    with database.reading() as session:
        key = KEYS.active(session, KeyPurpose.LOG).private
    other_root = bytes(32)
    only_leaf = replace(inclusions[0], note=sign_note(Checkpoint(ORIGIN, 1, other_root), key=key))
    published = Checkpoint(ORIGIN, 5, other_root)

    assert ask(database, only_leaf) is LogFinding.OTHER_LEAF
    assert ask(database, inclusions[0], published=published) is LogFinding.FORKED


def test_an_empty_log_holds_nothing(database, inclusions, app):
    change_by_hand(
        database, *(delete(table) for table in (LogCheckpoint, LogNode, LogLeaf)), update(LogHead).values(size=0)
    )

    assert ask(database, inclusions[0]) is LogFinding.REWOUND


def test_each_finding_is_a_sentence():
    assert all(finding.says.endswith(".") for finding in LogFinding)
    assert [finding for finding in LogFinding if finding.is_good] == [LogFinding.HELD]
