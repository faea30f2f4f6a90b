"""Keys and signatures as text: base58 with its multibase prefix, and the multicodec prefixes of public keys."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUE_OF = {letter: value for value, letter in enumerate(_ALPHABET)}
_BASE58 = "z"
_LONGEST = 200  # letters; a signature has 88, and reading takes the square of the length

# Multicodec prefixes of public keys. Source: Controlled Identifiers v1.0, section 2.2.2, Multikey.
ED25519_PREFIX = bytes((0xED, 0x01))  # 32 bytes follow
P256_PREFIX = bytes((0x80, 0x24))  # 33 bytes follow, a compressed point


def encode_multibase(data: bytes) -> str:
    """Bytes as "z" and base58 in Bitcoin's alphabet. Source: Controlled Identifiers v1.0, section 2.4, Multibase."""
    number = int.from_bytes(data)
    letters = ""
    while number:
        number, rest = divmod(number, 58)
        letters = _ALPHABET[rest] + letters
    zeros = len(data) - len(data.lstrip(b"\0"))
    return _BASE58 + "1" * zeros + letters


def decode_multibase(text: str) -> bytes:
    """The bytes that were encoded. Raises ValueError for any text that `encode_multibase` does not make."""
    letters = text[1:]
    if not text.startswith(_BASE58) or len(text) > _LONGEST or any(letter not in _VALUE_OF for letter in letters):
        raise ValueError("it is not in base58 with the prefix z")
    number = 0
    for letter in letters:
        number = number * 58 + _VALUE_OF[letter]
    zeros = len(letters) - len(letters.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)
