"""Fixtures of the tests of certificates."""

from collections.abc import Iterator

import pytest

from tests.certificates.node_verifier import NodeVerifier


@pytest.fixture(scope="session")
def node() -> Iterator[NodeVerifier]:
    verifier = NodeVerifier()
    yield verifier
    verifier.close()
