"""Reading a PDF back: no byte of a signed one can change unnoticed, and nothing that is given breaks the reader."""

import zlib
from io import BytesIO

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from certificates.adapters.pdf.dissection import dissect
from certificates.adapters.pdf.integrity import find_seal
from certificates.adapters.pdf.parts import SIGNATURE_FIELD
from certificates.adapters.pdf.reading import MOST_BYTES, UnreadablePdf, read_signed_pdf
from certificates.adapters.pdf.signature import signed_attributes, signed_data
from tests.certificates.printed import SIGNED_AT, make_request, make_signer, opened, render, the_signed

LENGTH = len(the_signed())
SIGNATURE_AT = the_signed().rindex(b"/Contents <")
# Where a change does more than spoil a hash: the signature, its padding, and what tells readers where things are.
PLACES = st.one_of(
    st.integers(0, LENGTH - 1), st.integers(SIGNATURE_AT, LENGTH - 1), st.integers(LENGTH - 700, LENGTH - 1)
)


def is_refused(data: bytes) -> bool:
    try:
        return not dissect(data).is_intact
    except UnreadablePdf:
        return True


@settings(max_examples=250, deadline=None)
@given(place=PLACES, byte=st.integers(0, 255))
def test_any_changed_byte_is_noticed(place, byte):
    signed = the_signed()
    changed = signed[:place] + bytes([byte]) + signed[place + 1 :]

    assert is_refused(changed) == (changed != signed)


@settings(max_examples=60, deadline=None)
@given(place=PLACES, length=st.integers(1, 400))
def test_any_missing_bytes_are_noticed(place, length):
    signed = the_signed()

    assert is_refused(signed[:place] + signed[place + length :])


@settings(max_examples=60, deadline=None)
@given(place=st.one_of(PLACES, st.just(LENGTH)), added=st.binary(min_size=1, max_size=60))
def test_any_added_bytes_are_noticed(place, added):
    signed = the_signed()

    assert is_refused(signed[:place] + added + signed[place:])


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300))
def test_anything_that_begins_as_a_pdf_is_refused(data):
    assert is_refused(b"%PDF-1.7\n" + data)


@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_the_signature_in_other_letters_is_noticed(case):
    signed = the_signed()
    end = signed.index(b">", SIGNATURE_AT)
    changed = signed[: SIGNATURE_AT + 11] + case(signed[SIGNATURE_AT + 11 : end].decode()).encode() + signed[end:]

    assert is_refused(changed) == (changed != signed)


def test_what_was_added_after_signing_is_said():
    update = IncrementalPdfFileWriter(BytesIO(the_signed()))
    update.root["/Lang"] = pdf_string("de")
    update.update_root()
    written = BytesIO()
    update.write(written)
    read = dissect(written.getvalue())

    assert not read.covers_whole_document
    assert not read.is_intact
    assert read.problems == ("Something was added to this PDF after it was signed.",)


def test_a_changed_text_is_said_and_the_credential_still_read():
    signed = the_signed()
    place = signed.index(b"/Reason (Issued)")
    read = dissect(signed[:place] + b"/Reason (Xssued)" + signed[place + 16 :])

    assert read.problems == ("This PDF was changed after it was signed.",)
    assert read.credential


def refused(data: bytes) -> str:
    with pytest.raises(UnreadablePdf) as caught:
        read_signed_pdf(data)
    return str(caught.value)


def saved(pdf: pikepdf.Pdf, **given) -> bytes:
    written = BytesIO()
    pdf.save(written, **given)
    return written.getvalue()


def signed_elsewhere(pdf: pikepdf.Pdf, **given) -> bytes:
    """A certificate of ours that somebody rewrote and signed as we do, in an update of the file."""
    del pdf.Root.Perms
    del pdf.Root.AcroForm.Fields[0].V
    key, certificate = make_signer()
    written = [certificate.public_bytes(Encoding.DER)]
    update = IncrementalPdfFileWriter(BytesIO(saved(pdf, **given)))
    steps = PdfCMSEmbedder().write_cms(SIGNATURE_FIELD, update, existing_fields_only=True)
    next(steps)
    room = SignatureObject(timestamp=SIGNED_AT, subfilter=SigSeedSubFilter.PADES, bytes_reserved=4096)
    steps.send(SigObjSetup(room))
    prepared, output = steps.send(SigIOSetup("sha256"))
    digest = prepared.document_digest
    steps.send(signed_data(digest, written, key.sign(signed_attributes(digest, written), ECDSA(SHA256()))))
    return output.getvalue()


def test_a_certificate_that_is_signed_in_an_update_is_read_as_well():
    with opened(render(make_request())) as pdf:
        read = read_signed_pdf(signed_elsewhere(pdf))

    assert read.is_intact
    assert read.covers_whole_document
    assert read.signed_at == SIGNED_AT


def test_other_files_are_refused_with_a_reason():
    assert refused(b"") == "This file is not a PDF."
    assert refused(b"PK\x03\x04") == "This file is not a PDF."
    assert "too large" in refused(b"%PDF-1.7\n" + bytes(MOST_BYTES))
    assert refused(render(make_request())) == "This PDF is not signed."


def test_two_signatures_are_refused():
    assert "more than one signature" in refused(the_signed() + b"\n/ByteRange [0 1 2 3]")


def test_a_pdf_without_credential_is_refused():
    with opened(render(make_request())) as pdf:
        del pdf.Root.Names
        del pdf.Root.AF
        bare = signed_elsewhere(pdf)

    assert refused(bare) == "This PDF holds no credential."


def test_a_pdf_with_a_second_file_is_refused():
    with opened(render(make_request())) as pdf:
        pdf.attachments["other.json"] = b"{}"
        more = signed_elsewhere(pdf)

    assert "does not hold one credential" in refused(more)


def test_an_encrypted_pdf_is_refused():
    with opened(the_signed()) as pdf:
        locked = saved(pdf, encryption=pikepdf.Encryption(owner="x", user="x"))

    assert refused(locked)


def test_a_second_field_in_which_a_signature_could_hide_is_refused():
    with opened(render(make_request())) as pdf:
        other = pdf.make_indirect(pikepdf.Dictionary(pdf.Root.AcroForm.Fields[0]))
        other.T = pikepdf.String("Other")
        pdf.Root.AcroForm.Fields.append(other)
        more = signed_elsewhere(pdf)

    assert "other fields" in refused(more)


def bomb(times: int) -> bytes:
    """A signed PDF whose credential unfolds to very much."""
    with opened(render(make_request())) as pdf:
        [specification] = pdf.Root.AF
        content = zlib.compress(bytes(times), 9)
        specification.EF.F.write(content, filter=pikepdf.Name.FlateDecode)
        return signed_elsewhere(pdf, compress_streams=False)


def test_a_file_that_unfolds_without_end_is_refused_soon():
    assert refused(bomb(1_500_000_000))


def test_a_seal_is_found_without_reading_the_rest():
    sealed = find_seal(the_signed())

    assert sealed.covers_whole_document
    assert sealed.problems == ()
    assert sealed.byte_range[0] == 0
