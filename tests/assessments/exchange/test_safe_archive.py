"""ZIP archives from strangers: what is read, and which tricks are refused before they cost anything."""

import contextlib
import io
import random
import stat
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.adapters import safe_archive
from assessments.adapters.safe_archive import UnsafeArchive

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def refusal_of(source: bytes | Path) -> str:
    with pytest.raises(UnsafeArchive) as refused:
        safe_archive.open(source)
    return str(refused.value)


def fifields_bomb(members: int, kernel_size: int) -> bytes:
    """An archive whose members quote each other's headers, so that all share one compressed kernel."""
    packer = zlib.compressobj(9, wbits=-15)
    data = packer.compress(bytes(kernel_size)) + packer.flush()
    crc, size = zlib.crc32(bytes(kernel_size)), kernel_size
    plain_crcs: list[tuple[bytes, int, int, int]] = []
    plain = bytes(kernel_size)
    for number in reversed(range(members)):
        name = b"%04d.txt" % number
        header = LOCAL.pack(b"PK\x03\x04", 20, 0, 8, 0, 0x21, crc, len(data), size, len(name), 0) + name
        plain_crcs.insert(0, (name, crc, len(data), size))
        quote = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + header
        if number:
            data, plain = quote + data, header + plain
            crc, size = zlib.crc32(plain), len(plain)
        else:
            data = header + data
    directory, offset = b"", 0
    for name, crc, packed_size, size in plain_crcs:
        fields = (b"PK\x01\x02", 20, 20, 0, 8, 0, 0x21, crc, packed_size, size, len(name), 0, 0, 0, 0, 0, offset)
        directory += CENTRAL.pack(*fields) + name
        offset += LOCAL.size + len(name) + 5
    return (
        data + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, members, members, len(directory), len(data), 0)
    )


def test_members_are_read_by_name_from_a_path_and_from_memory(tmp_path: Path):
    data = packed(("b.xml", b"<b/>"), ("folder/", b""), ("folder/a.xml", b"<a/>"))
    (tmp_path / "a.zip").write_bytes(data)

    for source in (data, tmp_path / "a.zip"):
        with safe_archive.open(source) as archive:
            assert archive.names == ("b.xml", "folder/a.xml")
            assert "folder/a.xml" in archive
            assert archive.read("folder/a.xml", 100) == b"<a/>"


@given(st.dictionaries(st.text("abcé漢", min_size=1), st.binary(max_size=2000), max_size=5), st.booleans())
def test_any_sound_archive_gives_back_what_was_put_in(members, stored):
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    members = {name: data for name, data in members.items() if not data.startswith(b"PK")}

    with safe_archive.open(packed(*members.items(), method=method)) as archive:
        assert {name: archive.read(name, 2000) for name in archive.names} == members


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"hello" * 10, packed(("a", b"a"))[:-4], b"x" + packed(("a", b"a")) + b"x"],
    ids=["empty", "two letters", "text", "cut off", "surrounded"],  # an archive holds the time, so bytes make no name
)
def test_what_is_no_whole_archive_is_refused(data):
    assert refusal_of(data)


def test_bytes_before_the_archive_are_refused():
    assert "do not belong" in refusal_of(b"MZ program" + packed(("a", b"a")))


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path):
    huge = tmp_path / "huge.zip"
    with huge.open("wb") as file:
        file.truncate(100_000_001)

    assert "100,000,001 bytes" in refusal_of(huge)


def test_more_than_ten_thousand_entries_are_refused():
    many = packed(*((f"{number}.txt", b"") for number in range(10_001)))

    assert "at most 10,000" in refusal_of(many)
    assert len(safe_archive.open(packed(*((f"{number}.txt", b"") for number in range(10_000)))).names) == 10_000


def test_a_number_of_entries_that_lies_does_not_help():
    data = bytearray(packed(*((f"{number}.txt", b"") for number in range(10_001))))
    data[-14:-10] = struct.pack("<2H", 1, 1)

    assert "10,001 entries" in refusal_of(bytes(data))


BAD_NAMES = """/etc/passwd ../up.xml a/../../b a//b ./a C:/a.xml c:a.xml a\\b.xml ..\\up a\x01b
nul a/CON.xml com1.txt Lpt9 aux. prn. inner.zip a/Inner.ZIP"""


@pytest.mark.parametrize("name", BAD_NAMES.split())
def test_names_that_are_not_plain_relative_paths_are_refused(name):
    info = zipfile.ZipInfo("x" * len(name.encode()))
    data = packed((info, b"data"))

    assert refusal_of(data.replace(b"x" * len(name.encode()), name.encode()))


@pytest.mark.parametrize("name", ["console.xml", "a.b/c d.xml", "com10.txt", "漢字/é.xml", "a..b"])
def test_ordinary_names_are_read(name):
    assert safe_archive.open(packed((name, b"data"))).names == (name,)


@pytest.mark.parametrize("second", ["a\u0301.txt", "\u00e1.txt"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(second):
    assert "stands twice" in refusal_of(packed(("\u00e1.txt", b"1"), (second, b"2")))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO])
def test_links_and_devices_are_refused(kind):
    info = zipfile.ZipInfo("link")
    info.external_attr = (kind | 0o777) << 16

    assert "link or a device" in refusal_of(packed((info, b"/etc/passwd")))


def test_encrypted_members_are_refused():
    data = bytearray(packed(("a.txt", b"a")))
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert "encrypted" in refusal_of(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_packing_is_refused(method):
    assert "expected stored or deflated" in refusal_of(packed(("a.txt", b"a" * 100), method=method))


def test_an_archive_under_another_name_is_refused_when_it_is_read():
    with (
        safe_archive.open(packed(("a.xml", packed(("b", b"b"))))) as archive,
        pytest.raises(UnsafeArchive, match="inside the archive"),
    ):
        archive.read("a.xml", 1000)


def test_members_that_share_bytes_are_refused():
    bomb = fifields_bomb(50, 1_000_000)

    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:  # a sound archive to whoever looks at members one by one
        assert sum(info.file_size for info in archive.infolist()) > 50_000_000
        assert len(archive.read("0000.txt")) > 1_000_000
    assert len(bomb) < 10_000
    assert "overlap" in refusal_of(bomb)


def test_a_member_may_not_unpack_beyond_its_ratio():
    with safe_archive.open(packed(("a.txt", bytes(50_000_000)))) as archive:
        tracemalloc.start()
        with pytest.raises(UnsafeArchive, match="200 times"):
            archive.read("a.txt", 60_000_000)
        assert tracemalloc.get_traced_memory()[1] < 25_000_000
        tracemalloc.stop()


def test_a_member_may_not_have_more_bytes_than_its_reader_takes():
    with (
        safe_archive.open(packed(("a.txt", b"abc" * 1000))) as archive,
        pytest.raises(UnsafeArchive, match="more than 2,999 bytes"),
    ):
        archive.read("a.txt", 2999)


def test_what_comes_out_is_bounded_over_all_members():
    chance = random.Random(1)
    part = b"".join(chance.randbytes(20) + bytes(980) for _ in range(20_000))  # 20 MB that pack some 40 times
    with safe_archive.open(packed(*((f"{number}.bin", part) for number in range(11)))) as archive:
        for number in range(10):
            assert sum(map(len, archive.stream(f"{number}.bin"))) == 20_000_000
        with pytest.raises(UnsafeArchive, match="200,000,000 bytes"):
            next(archive.stream("10.bin"))


def test_sizes_in_the_headers_are_not_believed():
    data = bytearray(packed(("a.txt", b"a" * 5000)))
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        begin = data.index(signature) + at
        data[begin : begin + 4] = struct.pack("<L", 10)

    with safe_archive.open(bytes(data)) as archive, pytest.raises(UnsafeArchive, match="broken"):
        archive.read("a.txt", 10_000)


@given(st.integers(0, 300), st.integers(0, 255))
def test_a_damaged_archive_is_read_or_refused_and_never_anything_else(at, value):
    data = bytearray(packed(("a.txt", b"some text " * 10), ("b/c.txt", b"other")))
    data[at % len(data)] = value

    with contextlib.suppress(UnsafeArchive), safe_archive.open(bytes(data)) as archive:
        for name in archive.names:
            archive.read(name, 1000)
