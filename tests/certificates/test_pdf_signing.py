"""The signature of a PDF: PAdES, over the whole file, visible and tagged, and poppler finds it valid."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from certificates.adapters.pdf.parts import EMPTY_SIGNATURE, SIGNATURE_FIELD
from certificates.adapters.pdf.reading import read_signed_pdf
from certificates.adapters.pdf.signature import signed_attributes, signed_data
from certificates.adapters.pdf.signing import sign_pdf
from tests.certificates.printed import (
    CREDENTIAL,
    FORMATS,
    SIGNED_AT,
    make_design,
    make_request,
    make_signer,
    opened,
    render,
    sign,
    text_of,
    the_signed,
)


def poppler_says(pdf: bytes, folder) -> str:
    (folder / "signed.pdf").write_bytes(pdf)
    done = subprocess.run(["pdfsig", folder / "signed.pdf"], capture_output=True, check=False)
    return done.stdout.decode()


@pytest.mark.parametrize(("paper", "orientation"), FORMATS)
def test_poppler_finds_the_signature_valid_and_over_the_whole_document(tmp_path, paper, orientation):
    said = poppler_says(sign(render(make_request(design=make_design(paper=paper, orientation=orientation)))), tmp_path)

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said
    assert "Signature #2" not in said


def test_qpdf_finds_no_fault_in_it(tmp_path):
    (tmp_path / "signed.pdf").write_bytes(the_signed())

    assert (
        subprocess.run(["qpdf", "--check", tmp_path / "signed.pdf"], capture_output=True, check=False).returncode == 0
    )


def test_signing_fills_the_room_that_was_left_for_it_and_moves_nothing():
    rendered = render(make_request())
    before, _room, after = rendered.partition(EMPTY_SIGNATURE)
    signed = sign(rendered)

    assert len(signed) == len(rendered)
    assert signed.startswith(before)
    assert signed.endswith(after)


def test_a_file_is_signed_once_and_only_if_it_was_rendered_by_us():
    for other in (b"", the_signed(), render(make_request()) + EMPTY_SIGNATURE):
        with pytest.raises(ValueError, match="not rendered by us, or is signed"):
            sign(other)


def test_an_independent_reader_finds_it_intact_and_certified():
    reader = PdfFileReader(BytesIO(the_signed()))
    [signature] = reader.embedded_signatures
    with ThreadPoolExecutor(1) as aside:  # it runs an event loop, and the browser of other tests has one in this thread
        status = aside.submit(validate_pdf_signature, signature).result()

    assert status.intact
    assert status.valid
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert signature.docmdp_level == MDPPerm.NO_CHANGES
    assert signature.sig_object_type == "/Sig"
    assert reader.xrefs.total_revisions == 1


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_structure_is_in_the_distinguished_encoding(length):
    signers = [make_signer("Root")]
    while len(signers) < length:
        signers.append(make_signer("Näämä 李", issued_by=signers[-1]))
    certificates = [certificate.public_bytes(Encoding.DER) for _key, certificate in reversed(signers)]
    written = signed_data(bytes(32), certificates, bytes(70))
    content = cms.ContentInfo.load(written, strict=True)
    [signer] = content["content"]["signer_infos"]

    assert content.dump(force=True) == written
    assert content["content_type"].native == "signed_data"
    assert {each.chosen.dump() for each in content["content"]["certificates"]} == set(certificates)
    assert signer["sid"].chosen["serial_number"].native == signers[-1][1].serial_number
    assert signer["sid"].chosen["issuer"].dump() == signers[-1][1].issuer.public_bytes()
    assert signer["signed_attrs"].untag().dump() == signed_attributes(bytes(32), certificates)
    assert [each["type"].native for each in signer["signed_attrs"]] == [
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    ]


def test_a_chain_that_is_too_long_is_refused():
    office = make_signer("Office")
    key, certificate = make_signer("Printer", issued_by=office)
    with pytest.raises(ValueError, match="too long for the room"):
        sign_pdf(
            render(make_request()),
            key=key,
            certificate=certificate,
            chain=[office[1]] * 9,
            at=SIGNED_AT,
            reason="Issued",
            name="Assay",
        )


def test_a_name_in_any_script_is_claimed_as_it_is():
    key, certificate = make_signer()
    name = "Prüfamt (李) \\ " + "ж" * 150
    pdf = sign_pdf(
        render(make_request()), key=key, certificate=certificate, at=SIGNED_AT, reason="(\\) done", name=name
    )

    assert read_signed_pdf(pdf).is_intact
    with opened(pdf) as document:
        assert str(document.Root.AcroForm.Fields[0].V.Name) == name
        assert str(document.Root.AcroForm.Fields[0].V.Reason) == "(\\) done"


def test_signing_again_gives_the_same_file():
    rendered, signer = render(make_request()), make_signer()

    assert sign(rendered, signer=signer) == sign(rendered, signer=signer)


def test_the_signature_allows_no_change_and_says_who_why_and_when():
    with opened(the_signed()) as pdf:
        signature = pdf.Root.AcroForm.Fields[0].V
        assert pdf.Root.Perms.DocMDP.objgen == signature.objgen
        assert signature.Reference[0].TransformParams.P == 1
        assert str(signature.Reason) == "Issued"
        assert str(signature.Name) == "Assay"
        assert str(signature.M) == "D:20261121090005Z"


def test_the_signature_is_seen_where_the_seal_stands_and_tagged_as_a_form():
    with opened(the_signed()) as pdf:
        [field] = pdf.Root.AcroForm.Fields
        assert field.T == SIGNATURE_FIELD
        assert str(field.TU) == "Digital signature of Assay public catalogue"
        assert field.F == 4
        assert float(field.Rect[2] - field.Rect[0]) > 50
        assert "/Font" not in field.AP.N.get("/Resources", {})
        assert len(field.AP.N.read_bytes()) > 1000
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        element = numbers[numbers.index(field.StructParent) + 1]
        assert element.S == "/Form"
        assert element.K[0].Obj.objgen == field.objgen
        assert field.objgen in [one.objgen for one in pdf.pages[0].Annots]
        assert pdf.Root.AcroForm.SigFlags == 3
        assert "/NeedAppearances" not in pdf.Root.AcroForm


def test_the_metadata_are_those_of_the_certificate():
    with opened(render(make_request())) as before, opened(the_signed()) as after:
        assert str(after.docinfo.ModDate) == str(before.docinfo.ModDate) == "D:20261121090000Z"
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()


def test_the_words_are_the_same_before_and_after():
    assert text_of(the_signed()) == text_of(render(make_request()))


def test_a_chain_is_kept_in_order(tmp_path):
    office = make_signer("Office")
    key, certificate = make_signer("Printer", issued_by=office)
    pdf = sign_pdf(
        render(make_request()),
        key=key,
        certificate=certificate,
        chain=[office[1]],
        at=SIGNED_AT,
        reason="Issued",
        name="Assay",
    )
    read = read_signed_pdf(pdf)

    assert "Signature is Valid." in poppler_says(pdf, tmp_path)
    assert read.is_intact
    assert read.signer_certificate == certificate.public_bytes(Encoding.DER)


def test_a_signed_certificate_is_read_back():
    key, certificate = make_signer("Näämä 李")
    read = read_signed_pdf(sign(render(make_request()), signer=(key, certificate)))

    assert read.credential == CREDENTIAL
    assert read.signer_certificate == certificate.public_bytes(Encoding.DER)
    assert read.is_intact
    assert read.covers_whole_document
    assert read.signed_at == datetime(2026, 11, 21, 9, 0, 5, tzinfo=UTC)
    assert read.problems == ()


def test_only_the_key_of_the_certificate_signs_and_only_on_p256():
    other_key, _certificate = make_signer()
    _key, certificate = make_signer()
    for key in (other_key, ec.generate_private_key(ec.SECP384R1())):
        with pytest.raises(ValueError, match="P-256"):
            sign(render(make_request()), signer=(key, certificate))
