"""Writes ASN.1 in its distinguished encoding: a tag, a length, the content. Source: ITU-T X.690, 8 to 11."""

INTEGER, OCTET_STRING, NULL, OID, SEQUENCE, SET = 0x02, 0x04, 0x05, 0x06, 0x30, 0x31


def element(tag: int, *parts: bytes) -> bytes:
    """An element whose content are these parts, in this order."""
    content = b"".join(parts)
    return bytes([tag]) + _length(len(content)) + content


def set_of(tag: int, *members: bytes) -> bytes:
    """A set of encoded members, in the order of their bytes."""
    return element(tag, *sorted(members))


def _length(count: int) -> bytes:
    if count < 128:
        return bytes([count])
    written = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([128 + len(written)]) + written
