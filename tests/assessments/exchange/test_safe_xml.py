"""XML from strangers: what is refused, at which line, and before it can do harm."""

import time
from pathlib import Path

import pytest

from assessments.adapters.safe_xml import MOST_BYTES, UnsafeXml, parse

LAUGHS = b"""<?xml version="1.0"?>
<!-- harmless -->
<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<a>&c;</a>"""


def refusal_of(document: bytes) -> UnsafeXml:
    with pytest.raises(UnsafeXml) as refused:
        parse(document)
    return refused.value


def test_elements_know_their_lines():
    root = parse(b'<?xml version="1.0"\n encoding="UTF-8"?>\n<a>\n  <b c="1">text</b></a>')

    assert (root.tag, root[0].sourceline, root[0].get("c"), root[0].text) == ("a", 4, "1", "text")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_a_document_may_say_its_encoding(encoding):
    named = encoding.removesuffix("-sig").upper()

    assert parse(f'<?xml version="1.0" encoding="{named}"?><a>é</a>'.encode(encoding)).text == "é"


def test_a_doctype_is_refused_at_its_line_before_any_entity_is_expanded():
    refused = refusal_of(LAUGHS)

    assert "DOCTYPE" in str(refused)
    assert refused.line == 3


def test_a_doctype_is_refused_in_every_encoding():
    for encoding in ("utf-16", "utf-8-sig"):
        refused = refusal_of("<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a/>".encode(encoding))
        assert "DOCTYPE" in str(refused)


def test_the_word_doctype_in_a_comment_or_in_text_is_no_doctype():
    assert parse(b"<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE a>]]></a>").text == "<!DOCTYPE a>"


@pytest.mark.parametrize(
    ("document", "line", "said"),
    [
        (b"", None, "not well-formed"),
        (b"plain text", 1, "not well-formed"),
        (b"<a>\n<b></a>", 2, "mismatch"),
        (b"<a>\n&undeclared;</a>", 2, "undeclared"),
        (b"<a/>\n<!DOCTYPE a>", 2, "not well-formed"),
        (b"<a>\x00</a>", 1, "not well-formed"),
        (b"<a>\n\xe9</a>", 2, "not UTF-8"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', 1, "utf-7"),
    ],
)
def test_a_fault_is_named_with_its_line(document, line, said):
    refused = refusal_of(document)

    assert said in str(refused)
    assert refused.line == line


def test_no_file_and_no_address_is_opened(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    include = f'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="{secret.as_uri()}" parse="text"/></a>'

    root = parse(include.encode())

    assert "".join(root.itertext()) == ""
    assert root[0].tag == "{http://www.w3.org/2001/XInclude}include"


def test_the_size_of_a_document_is_bounded():
    assert "5,000,001 bytes" in str(refusal_of(b"<a>" + b"x" * (MOST_BYTES - 6) + b"</a>"))
    assert parse(b"<a>" + b"x" * (MOST_BYTES - 7) + b"</a>").tag == "a"


@pytest.mark.parametrize("levels", [101, 200, 1_000_000])
def test_the_depth_of_a_document_is_bounded(levels):
    assert "more than 100 deep" in str(refusal_of(b"<a>" * levels))


def test_a_hundred_levels_are_read():
    assert parse(b"<a>" * 100 + b"</a>" * 100).tag == "a"


@pytest.mark.parametrize(
    "document",
    [
        b"<a>" + b"<b/>" * 200_000 + b"</a>",
        b"<a " + b" ".join(b'a%d=""' % number for number in range(200_000)) + b"/>",
        b"<a>" + b"<?b?>" * 200_000 + b"</a>",
        b"<!---->" * 600_000 + b"<a/>",
        b"<a/>" + b"<!---->" * 600_000,
    ],
    ids=["elements", "attributes", "instructions", "comments before", "comments after"],
)
def test_the_number_of_nodes_is_bounded_and_found_out_quickly(document):
    began = time.process_time()

    assert "more than" in str(refusal_of(document))
    assert time.process_time() - began < 5
