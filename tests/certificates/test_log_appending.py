"""Appending to the issuance log: no gap, no fork, every proof checks; a log that does not hold takes nothing more."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from certificates.adapters.published_head import PUBLISHED
from certificates.domain.checkpoints import open_note, read_note
from certificates.domain.inclusion import read_inclusion
from certificates.domain.log_leaves import leaf_bytes
from certificates.domain.merkle import check_consistency, check_inclusion, leaf_hash, root_of
from certificates.models.log import LogCheckpoint, LogHead, LogLeaf, LogNode
from certificates.operations.issuance_log import LogBroken
from certificates.operations.published_log import resume_log
from certificates.queries.issuance_log import find_newest_checkpoint, prove_consistency, prove_inclusion
from lms.audit.models import AuditEvent
from lms.db.session import Database
from lms.errors import Conflict
from lms.organisations.models import PUBLIC_ORGANISATION_ID
from tests.certificates.log_factories import AT, ORIGIN, by_hand, commitment_of, grow_at_once, grow_log, make_log_key
from tests.statements import counted

THREADS = 8


@pytest.fixture
def public(database: Database) -> bytes:
    """The key that signs checkpoints."""
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return make_log_key(session)


@pytest.fixture
def published(app):
    return app.extensions[PUBLISHED]


def append(database: Database, count: int = 1, *, first: int = 0):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        return grow_log(session, count, first=first)


def leaf_of(number: int) -> bytes:
    return leaf_hash(leaf_bytes("credential", commitment_of(number), AT))


def test_every_leaf_comes_with_the_proof_that_it_is_in_the_log(database, public):
    inclusions = append(database, 11)

    for number, inclusion in enumerate(inclusions):
        signed = open_note(read_inclusion(inclusion.as_text()).note, keys=[public])
        assert (inclusion.index, inclusion.size, signed.size) == (number, number + 1, number + 1)
        assert signed.root == root_of([leaf_of(each) for each in range(number + 1)])
        assert signed.origin == ORIGIN
        assert check_inclusion(leaf_of(number), number, signed.size, inclusion.path, signed.root)


@pytest.mark.parametrize(("before", "count"), [(0, 1), (0, 7), (1, 2), (3, 5), (6, 1), (5, 20)])
def test_leaves_that_come_together_share_a_checkpoint(database, public, before, count):
    append(database, before)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        inclusions = grow_at_once(session, count, first=before)

    root = root_of([leaf_of(each) for each in range(before + count)])
    assert [inclusion.index for inclusion in inclusions] == list(range(before, before + count))
    for inclusion in inclusions:
        assert open_note(inclusion.note, keys=[public]).root == root
        assert check_inclusion(leaf_of(inclusion.index), inclusion.index, before + count, inclusion.path, root)


def test_no_leaf_makes_no_checkpoint(database, public):
    append(database, 2)
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        assert grow_at_once(session, 0) == []

    assert append(database, 1, first=2)[0].size == 3


def test_all_proofs_check_from_what_is_stored(database, public):
    append(database, 13)
    hashes = [leaf_of(each) for each in range(13)]
    with database.reading() as session:
        for size in range(1, 14):
            root = root_of(hashes[:size])
            for index in range(size):
                assert check_inclusion(
                    hashes[index], index, size, prove_inclusion(session, index=index, size=size), root
                )
            for first in range(1, size + 1):
                path = prove_consistency(session, first=first, second=size)
                assert check_consistency(first, size, root_of(hashes[:first]), root, path)


def test_an_append_takes_at_most_six_statements(database, public):
    append(database, 7)
    with counted(database) as sent:
        append(database, 1, first=7)

    assert len(sent) <= 6, sent


def test_threads_that_append_at_once_leave_no_gap_and_no_duplicate(database, public):
    barrier = Barrier(THREADS)

    def work(thread: int):
        barrier.wait()
        return [append(database, 1, first=100 * thread + each)[0] for each in range(5)]

    with ThreadPoolExecutor(THREADS) as pool:
        inclusions = [inclusion for done in pool.map(work, range(THREADS)) for inclusion in done]

    assert sorted(inclusion.index for inclusion in inclusions) == list(range(THREADS * 5))
    with database.reading() as session:
        leaves = session.scalars(select(LogLeaf).order_by(LogLeaf.index)).all()
        assert [leaf.index for leaf in leaves] == list(range(THREADS * 5))
        hashes = [bytes.fromhex(leaf.leaf_hash) for leaf in leaves]
        assert len(set(hashes)) == THREADS * 5
        for inclusion in inclusions:
            signed = open_note(inclusion.note, keys=[public])
            assert signed.root == root_of(hashes[: signed.size])
            assert check_inclusion(hashes[inclusion.index], inclusion.index, signed.size, inclusion.path, signed.root)


def test_a_transaction_that_fails_leaves_no_trace(database, public, published):
    append(database, 2)
    with pytest.raises(ZeroDivisionError), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        grow_log(session, 1, first=2)
        raise ZeroDivisionError

    with database.reading() as session:
        assert session.scalars(select(LogHead.size)).one() == 2
        assert session.scalar(select(func.count()).select_from(LogLeaf)) == 2
    assert read_note(published.read()).size == 2


@pytest.mark.parametrize("table", ["log_leaf", "log_node", "log_checkpoint"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {}", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_remove_what_is_in_the_log(database, public, table, change):
    append(database, 4)
    column = {"log_leaf": "commitment = leaf_hash", "log_node": "hash = hash", "log_checkpoint": "root = root"}[table]

    with pytest.raises(DatabaseError, match="only ever added to"), database.transaction() as session:
        session.execute(text(change.format(table, column)))


CHANGES = {
    "a node is another": update(LogNode).where(LogNode.level == 2).values(hash="0" * 64),
    "a node is gone": delete(LogNode).where(LogNode.level == 2),
    "the last leaf is another": update(LogLeaf).where(LogLeaf.index == 6).values(leaf_hash="0" * 64),
    "the last leaf is gone": delete(LogLeaf).where(LogLeaf.index == 6),
    "the last checkpoint is gone": delete(LogCheckpoint).where(LogCheckpoint.size == 7),
    "the last checkpoint states another root": update(LogCheckpoint)
    .where(LogCheckpoint.size == 7)
    .values(root="0" * 64),
    "the last checkpoint has another note": update(LogCheckpoint).where(LogCheckpoint.size == 7).values(note="note"),
    "the head went back": update(LogHead).values(size=6),
    "the head went forward": update(LogHead).values(size=8),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_nothing_is_signed_over_a_tree_that_was_changed(database, public, change):
    append(database, 7)
    with by_hand(database.engine) as session:
        session.execute(change)

    with pytest.raises(LogBroken, match="assay log check"):
        append(database, 1, first=7)


def rewind(database: Database, size: int) -> None:
    """What is left when an older backup is restored."""
    with by_hand(database.engine) as session:
        session.execute(delete(LogLeaf).where(LogLeaf.index >= size))
        session.execute(delete(LogCheckpoint).where(LogCheckpoint.size > size))
        session.execute(delete(LogNode).where((LogNode.index + 1) * func.power(2, LogNode.level) > size))
        session.execute(update(LogHead).values(size=size))


def test_the_head_is_published_after_the_commit(database, public, published):
    assert published.read() is None
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        grow_log(session, 1)
        assert published.read() is None
        with session.begin_nested():
            grow_log(session, 2, first=1)
        assert published.read() is None

    assert open_note(published.read(), keys=[public]).size == 3


def test_a_savepoint_that_is_rolled_back_publishes_nothing_of_it(database, public, published):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        grow_log(session, 1)
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            grow_log(session, 1, first=1)
            raise ZeroDivisionError

    assert published.read() is None or read_note(published.read()).size == 1
    append(database, 1, first=1)
    assert read_note(published.read()).size == 2


def test_an_older_backup_takes_nothing_more_until_an_operator_accepts_it(database, public, published):
    append(database, 5)
    rewind(database, 3)

    with pytest.raises(LogBroken, match="has 3 leaves, and 5 were published"):
        append(database, 1, first=9)

    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        head = resume_log(session, published=published, reason="The disk died.", actor="a test", at=AT)
    published.replace(head.note, at=AT)
    append(database, 1, first=9)

    assert read_note(published.read()).size == 4
    assert len(list(published.folder.glob("checkpoint-until-*"))) == 1
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "log.resumed")).one()
    assert (event.details["reason"], event.details["size"]) == ("The disk died.", 3)
    assert read_note(event.details["published_before"]).size == 5


def test_a_backup_that_went_on_by_itself_is_told_from_what_was_published(database, public, published):
    append(database, 5)
    before = published.read()
    rewind(database, 3)
    published.replace(None, at=AT)
    append(database, 4, first=20)
    published.replace(before, at=AT)

    with pytest.raises(LogBroken, match="first 5 leaves are not those that were published"):
        append(database, 1, first=30)


def test_a_head_that_lags_behind_is_no_fault(database, public, published):
    append(database, 3)
    early = published.read()
    append(database, 6, first=3)
    published.replace(early, at=AT)

    append(database, 1, first=9)

    assert read_note(published.read()).size == 10


def test_a_head_never_goes_back_by_itself(database, public, published):
    append(database, 3)
    early = published.read()
    append(database, 1, first=3)

    published.publish(early)

    assert read_note(published.read()).size == 4


def test_a_published_head_that_cannot_be_read_stops_the_log(database, public, published):
    append(database, 3)
    (published.folder / "checkpoint").write_bytes(b"what is \xff this?")

    with pytest.raises(LogBroken, match="cannot be read"):
        append(database, 1, first=3)


def test_a_log_that_holds_is_not_resumed(database, public, published):
    append(database, 3)

    with pytest.raises(Conflict, match="nothing to resume"), database.transaction(PUBLIC_ORGANISATION_ID) as session:
        resume_log(session, published=published, reason="I was curious.", actor="a test", at=AT)


def test_a_head_that_cannot_be_written_costs_no_certificate(database, public, published):
    append(database, 1)
    lock = published.folder / ".lock"
    lock.unlink()
    lock.mkdir()

    append(database, 1, first=1)

    assert read_note(published.read()).size == 1
    with database.reading() as session:
        assert find_newest_checkpoint(session).size == 2
