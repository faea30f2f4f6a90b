"""The Merkle tree: the published numbers of RFC 6962's implementations, and the laws of its proofs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.domain.merkle import (
    EMPTY_ROOT,
    Subtree,
    check_consistency,
    check_inclusion,
    consistency_path,
    grown,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_of,
    root_of_span,
    subtrees_of,
)

# The eight leaves, and what follows from them, of the tests of Certificate Transparency's own Merkle tree
# (github.com/google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc, which names RFC 6962, section 2.1).
LEAVES = [
    leaf_hash(bytes.fromhex(leaf))
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = [  # leaf, size, path
    (0, 1, []),
    (
        0,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENT = [  # from, to, path
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(index.to_bytes(4, "big")) for index in range(size)]


def by_definition(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word by word."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY_ROOT
    split = max(1 << power for power in range(20) if 1 << power < len(hashes))
    return node_hash(by_definition(hashes[:split]), by_definition(hashes[split:]))


sizes = st.integers(1, 200)
a_place = sizes.flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))
two_sizes = sizes.flatmap(lambda second: st.tuples(st.integers(1, second), st.just(second)))
flips = st.integers(1, 255)


def test_roots_are_the_published_ones():
    assert [root_of(LEAVES[:size]).hex() for size in range(1, 9)] == ROOTS
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("leaf", "size", "path"), PATHS)
def test_paths_are_the_published_ones(leaf, size, path):
    assert [each.hex() for each in inclusion_path(LEAVES[:size], leaf)] == path


@pytest.mark.parametrize(("first", "second", "path"), CONSISTENT)
def test_proofs_of_consistency_are_the_published_ones(first, second, path):
    assert [each.hex() for each in consistency_path(LEAVES[:second], first)] == path


@given(st.integers(0, 200))
def test_the_root_is_that_of_the_definition(size):
    assert root_of(leaves_of(size)) == by_definition(leaves_of(size))


@given(st.integers(0, 200), st.integers(0, 60))
def test_a_tree_grows_from_its_frontier_alone(size, more):
    hashes = leaves_of(size + more)
    before = grown({}, 0, hashes[:size])
    frontier = {subtree: before[subtree] for subtree in subtrees_of((0, size))}

    after = grown(frontier, size, hashes[size:])

    assert root_of_span(after, (0, size + more)) == root_of(hashes)
    assert len(frontier) == size.bit_count()


@given(a_place)
def test_every_leaf_is_proved(place):
    index, size = place
    hashes = leaves_of(size)

    assert check_inclusion(hashes[index], index, size, inclusion_path(hashes, index), root_of(hashes))


@given(a_place, st.data())
def test_a_proof_of_inclusion_with_anything_changed_fails(place, data):
    index, size = place
    hashes = leaves_of(size)
    path, root = inclusion_path(hashes, index), root_of(hashes)
    other_index = data.draw(st.integers(0, size - 1).filter(lambda other: other != index) | st.just(-1) | st.just(size))
    at, flip = data.draw(st.integers(0, 31)), data.draw(flips)

    assert not check_inclusion(hashes[index], other_index, size, path, root)
    assert not check_inclusion(flipped(hashes[index], at, flip), index, size, path, root)
    assert not check_inclusion(hashes[index], index, size, path, flipped(root, at, flip))
    assert not check_inclusion(hashes[index], index, size, (*path, root), root)
    for place_in_path, sibling in enumerate(path):
        changed = [*path[:place_in_path], flipped(sibling, at, flip), *path[place_in_path + 1 :]]
        assert not check_inclusion(hashes[index], index, size, changed, root)
        assert not check_inclusion(hashes[index], index, size, path[:place_in_path] + path[place_in_path + 1 :], root)


@given(a_place, st.integers(1, 200))
def test_a_proof_of_inclusion_is_one_for_its_tree_alone(place, other_size):
    index, size = place
    hashes, others = leaves_of(size), leaves_of(other_size)

    proved = check_inclusion(hashes[index], index, other_size, inclusion_path(hashes, index), root_of(others))

    assert proved == (size == other_size)


@given(two_sizes)
def test_every_tree_is_the_beginning_of_every_later_one(pair):
    first, second = pair
    hashes = leaves_of(second)

    path = consistency_path(hashes, first)

    assert check_consistency(first, second, root_of(hashes[:first]), root_of(hashes), path)


@given(two_sizes, st.data())
def test_a_proof_of_consistency_with_anything_changed_fails(pair, data):
    first, second = pair
    hashes = leaves_of(second)
    old, new, path = root_of(hashes[:first]), root_of(hashes), consistency_path(hashes, first)
    at, flip = data.draw(st.integers(0, 31)), data.draw(flips)

    assert not check_consistency(first, second, flipped(old, at, flip), new, path)
    assert not check_consistency(first, second, old, flipped(new, at, flip), path)
    assert not check_consistency(first, second, old, new, (*path, new))
    assert not check_consistency(0, second, old, new, path)
    assert not check_consistency(second + 1, second, old, new, path)
    for place, _sibling in enumerate(path):
        assert not check_consistency(
            first, second, old, new, [*path[:place], flipped(path[place], at, flip), *path[place + 1 :]]
        )
        assert not check_consistency(first, second, old, new, path[:place] + path[place + 1 :])


@given(st.integers(2, 120), st.data())
def test_no_proof_leads_from_a_tree_to_one_that_tells_the_past_otherwise(second, data):
    first = data.draw(st.integers(1, second - 1))
    changed = data.draw(st.integers(0, first - 1))
    hashes = leaves_of(second)
    other = [*hashes[:changed], leaf_hash(b"another past"), *hashes[changed + 1 :]]

    for path in (consistency_path(hashes, first), consistency_path(other, first)):
        assert not check_consistency(first, second, root_of(hashes[:first]), root_of(other), path)


def test_a_leaf_beyond_the_tree_has_no_path():
    with pytest.raises(ValueError, match="no leaf 8"):
        inclusion_path(LEAVES, 8)


def test_nothing_leads_from_an_empty_tree():
    with pytest.raises(ValueError, match="not from 0 to 8"):
        consistency_path(LEAVES, 0)


def test_a_span_is_made_of_its_largest_complete_subtrees():
    assert subtrees_of((0, 7)) == (Subtree(2, 0), Subtree(1, 2), Subtree(0, 6))


def flipped(value: bytes, at: int, flip: int) -> bytes:
    return value[:at] + bytes([value[at] ^ flip]) + value[at + 1 :]
