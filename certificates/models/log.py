"""The tables of the issuance log: leaves, nodes, signed checkpoints. Triggers refuse any change or removal."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.db.base import Base, choice_of


class LeafKind(StrEnum):
    """What was logged: a credential that is about to be signed, or a change of a certificate's state."""

    CREDENTIAL = "credential"
    STATE = "state"


class LogHead(Base):
    """One row: how many leaves there are. Whoever appends takes its lock, so that leaves have no gaps."""

    __tablename__ = "log_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), CheckConstraint("size >= 0", name="size_from_zero"))

    id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)


class LogLeaf(Base):
    """One leaf: a salted commitment, which says nothing about anybody to who does not have the salt."""

    __tablename__ = "log_leaf"
    __table_args__ = (
        CheckConstraint("length(commitment) = 64", name="commitment_is_hex"),
        CheckConstraint("length(leaf_hash) = 64", name="leaf_hash_is_hex"),
    )

    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # from 0
    kind: Mapped[LeafKind] = mapped_column(choice_of(LeafKind, "kind_is_known"))
    commitment: Mapped[str] = mapped_column(String(64))  # SHA-256 in hex, see domain.log_leaves
    leaf_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class LogNode(Base):
    """The root of a complete subtree: `level` 1 spans two leaves, 2 four; `index` counts them from the left."""

    __tablename__ = "log_node"
    __table_args__ = (CheckConstraint("length(hash) = 64", name="hash_is_hex"),)

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))


class LogCheckpoint(Base):
    """A signed statement of how many leaves there were, and of the root above them."""

    __tablename__ = "log_checkpoint"
    __table_args__ = (CheckConstraint("length(root) = 64", name="root_is_hex"),)

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)  # a signed note of three lines, see domain.checkpoints
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"))
    at: Mapped[datetime]
