"""Near duplicates: whether two stems say nearly the same, and marks by which such stems are found among many.

A stem is cut into shingles, the runs of three words that it has; how alike two stems are is the Jaccard index of
their shingles. To find alike stems without comparing all, each stem gets a MinHash signature, cut into bands of
rows. Stems that agree on all rows of one band are candidates; their shingles decide.

Of stems with index s, a share of 1 - (1 - s^4)^12 become candidates: 0.05 % of those with s = 0.08, 26 % with 0.4,
97 % with 0.7, 99.8 % with 0.8, 99.998 % with 0.9. A change of one word costs up to three shingles, so stems of
fewer than about thirty words can have s below 0.8 although they differ in one word alone.

Sources: Broder (1997), On the resemblance and containment of documents, doi:10.1109/SEQUEN.1997.666900;
Leskovec, Rajaraman & Ullman, Mining of Massive Datasets, chapter 3 (locality-sensitive hashing).
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from hashlib import blake2b
from struct import Struct
from unicodedata import normalize

SHINGLE = 3  # words
BANDS = 12
ROWS = 4  # hashes of a band
THRESHOLD = Fraction(8, 10)  # of the Jaccard index, from which stems count as near duplicates

# Scripts that put no space between words: there each character stands for a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_HASHES = Struct(f"<{BANDS * ROWS}I")
_PERSONS = [f"stem {number}".encode() for number in range(_HASHES.size // blake2b().digest_size)]
_BAND = Struct(f"<B{ROWS}I")


def shingles_of(stem: str) -> frozenset[str]:
    """Return the runs of three words of a stem; of a shorter one all it has, of one without words nothing.

    Letter case, punctuation, spacing and the ways to write the same character do not count.
    """
    words = _WORD.findall(normalize("NFKC", stem).casefold())
    if not words:
        return frozenset()
    return frozenset(" ".join(words[n : n + SHINGLE]) for n in range(max(1, len(words) - SHINGLE + 1)))


def similarity(first: frozenset[str], second: frozenset[str]) -> Fraction:
    """Return the exact Jaccard index of two sets of shingles, from 0 to 1; 0 when either is empty.

    Source: Jaccard (1912), The distribution of the flora in the alpine zone, doi:10.1111/j.1469-8137.1912.tb05611.x.
    """
    if not first or not second:
        return Fraction(0)
    return Fraction(len(first & second), len(first | second))


def bands_of(shingles: frozenset[str]) -> tuple[int, ...]:
    """Return the twelve band hashes of a stem, in order, each a signed number of 64 bits; none without shingles.

    They are the same on every machine and in every version: they are stored.
    """
    if not shingles:
        return ()
    least = _signature(shingles)
    return tuple(_band_hash(number, least[number * ROWS : (number + 1) * ROWS]) for number in range(BANDS))


def chance_to_be_found(alike: float) -> float:
    """Return the chance, from 0 to 1, that two stems of this Jaccard index share a band."""
    return 1 - (1 - alike**ROWS) ** BANDS


def _signature(shingles: Iterable[str]) -> tuple[int, ...]:
    """The least value that any shingle has under each of the hashes."""
    texts = (shingle.encode() for shingle in shingles)
    digests = (b"".join([blake2b(text, person=person).digest() for person in _PERSONS]) for text in texts)
    return tuple(map(min, zip(*map(_HASHES.unpack, digests), strict=True)))


def _band_hash(number: int, rows: tuple[int, ...]) -> int:
    digest = blake2b(_BAND.pack(number, *rows), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
