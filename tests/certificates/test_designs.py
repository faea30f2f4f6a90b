"""Designs of organisations: immutable versions, logos as harmless pictures, pages that keep what was typed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from threading import Barrier
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from sqlalchemy import select

from certificates.domain.design import (
    HOUSE_DESIGN,
    LEAST_CONTRAST,
    LOGO_BYTES,
    PAPER_COLOUR,
    Design,
    Orientation,
    Paper,
    Signatory,
    contrast,
)
from certificates.domain.shades import readable_shade
from certificates.models.designs import DesignVersion
from certificates.models.reissues import ReissueRun
from certificates.operations.designs import publish_design, restore_design
from certificates.queries.designs import current_design_version_id, find_design, list_design_versions
from certificates.web.sketches import sketch_of
from lms.audit.models import AuditEvent
from lms.errors import Conflict, Invalid, NotFound
from lms.organisations.logos import LONGEST_SIDE, read_logo
from lms.organisations.models import PUBLIC_ORGANISATION_ID, Organisation
from lms.organisations.roles import Role
from tests.certificates.factories import AT
from tests.certificates.many import make_certificates
from tests.people import make_person, sign_in

PAGE = "/manage/certificates/design/"
colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def picture(size=(40, 20), mode="RGB", format="PNG", **how) -> bytes:
    written = BytesIO()
    Image.new(mode, size, "#336699" if mode != "CMYK" else 0).save(written, format, **how)
    return written.getvalue()


WITH_LOGO = Design(
    Paper.LETTER,
    Orientation.LANDSCAPE,
    "Harbour Academy",
    "#234567",
    read_logo(picture()),
    (Signatory("Grace Hopper", "Head of Qualification"), Signatory("Alan Turing", "")),
)


@pytest.fixture
def manager(database, client):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, name="Grace", roles=(Role.CANDIDATE, Role.MANAGER))
    sign_in(client, person)
    return person


def present(database) -> Design:
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        return find_design(session, current_design_version_id(session))


def filled(**typed) -> dict[str, object]:
    """The form as a browser sends it."""
    lines = {f"signatories-{line}-{part}": "" for line in range(4) for part in ("name", "role")}
    return (
        lines
        | {"display_name": "", "accent": "#7c5e16", "paper": "a4", "orientation": "portrait", "do": "save"}
        | typed
    )


def test_until_somebody_designs_them_certificates_look_as_those_of_the_house(session):
    assert current_design_version_id(session) is None
    assert find_design(session, None) == HOUSE_DESIGN
    with pytest.raises(NotFound):
        find_design(session, uuid4())


def test_a_design_comes_back_as_it_was_saved_and_is_audited(session):
    person_id = make_person(session).id

    version_id = publish_design(session, design=WITH_LOGO, person_id=person_id, at=AT)

    assert current_design_version_id(session) == version_id
    assert find_design(session, version_id) == WITH_LOGO
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificates.designed"))
    assert (event.actor, event.details["version"]) == (str(person_id), 1)


def test_each_change_is_a_version_and_earlier_ones_stay_as_they_were(session):
    person_id = make_person(session).id
    first = publish_design(session, design=WITH_LOGO, person_id=person_id, at=AT)
    second = publish_design(session, design=replace(WITH_LOGO, accent="#112233"), person_id=person_id, at=AT)

    again = publish_design(session, design=replace(WITH_LOGO, accent="#112233"), person_id=person_id, at=AT)
    third = restore_design(session, version_id=first, person_id=person_id, at=AT)

    assert again == second
    assert find_design(session, third) == find_design(session, first) == WITH_LOGO
    lines = list_design_versions(session)
    assert [(line.number, line.is_current) for line in lines] == [(3, True), (2, False), (1, False)]
    with pytest.raises(Conflict, match="already"):
        restore_design(session, version_id=third, person_id=person_id, at=AT)
    with pytest.raises(NotFound):
        restore_design(session, version_id=uuid4(), person_id=person_id, at=AT)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"accent": "#ffee88"}, "too light"),
        ({"accent": "red"}, "six hexadecimal digits"),
        ({"signatories": (Signatory(" ", "Chair"),)}, "needs a name"),
        ({"signatories": (Signatory("A", "B"),) * 5}, "at most 4"),
        ({"display_name": "x" * 81}, "at most 80"),
        ({"logo": b"x" * (LOGO_BYTES + 1)}, "too large"),
    ],
)
def test_a_design_that_certificates_must_not_have_is_refused(session, wrong, why):
    with pytest.raises(Invalid, match=why):
        publish_design(session, design=replace(HOUSE_DESIGN, **wrong), person_id=make_person(session).id, at=AT)
    assert current_design_version_id(session) is None


def test_spaces_around_texts_and_empty_signatories_are_dropped(session):
    typed = replace(HOUSE_DESIGN, display_name="  A   B ", signatories=(Signatory("", " "), Signatory(" C ", "")))

    version_id = publish_design(session, design=typed, person_id=make_person(session).id, at=AT)

    found = find_design(session, version_id)
    assert (found.display_name, found.signatories) == ("A B", (Signatory("C", ""),))


def test_designs_that_are_saved_at_once_are_numbered_one_after_the_other(database):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person_id = make_person(session).id
    barrier = Barrier(4)

    def save(number):
        barrier.wait()
        with database.transaction(PUBLIC_ORGANISATION_ID) as session:
            changed = replace(HOUSE_DESIGN, display_name=f"Name {number}")
            return publish_design(session, design=changed, person_id=person_id, at=AT)

    with ThreadPoolExecutor(4) as pool:
        saved = list(pool.map(save, range(4)))

    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        lines = list_design_versions(session)
        assert [line.number for line in lines] == [4, 3, 2, 1]
        assert [line.is_current for line in lines] == [True, False, False, False]
        assert {line.id for line in lines} == set(saved)


def test_an_organisation_does_not_see_the_design_of_another(database):
    other = uuid4()
    with database.transaction() as session:
        session.add(Organisation(id=other, slug=f"other-{other.hex}", name="Other", created_at=AT))
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        version_id = publish_design(session, design=WITH_LOGO, person_id=make_person(session).id, at=AT)

    with database.reading(other) as session:
        assert current_design_version_id(session) is None
        assert list_design_versions(session) == []
        with pytest.raises(NotFound):
            find_design(session, version_id)


@given(colours)
def test_the_readable_shade_can_be_read_and_is_the_colour_itself_when_that_can(colour):
    shade = readable_shade(colour)

    assert contrast(shade, PAPER_COLOUR) >= LEAST_CONTRAST
    assert (shade == colour) == (contrast(colour, PAPER_COLOUR) >= LEAST_CONTRAST)


@pytest.mark.parametrize(
    ("given_size", "mode", "format"),
    [((40, 20), "RGB", "PNG"), ((40, 20), "RGBA", "PNG"), ((40, 20), "P", "PNG"), ((40, 20), "CMYK", "JPEG")],
)
def test_a_logo_is_written_anew_as_a_png(given_size, mode, format):
    kept = read_logo(picture(given_size, mode, format))

    with Image.open(BytesIO(kept)) as shown:
        assert (shown.format, shown.size, shown.mode) == ("PNG", given_size, "RGBA" if mode == "RGBA" else "RGB")


def test_nothing_but_pixels_is_kept_of_a_logo():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", "SECRET-COMMENT")
    exif = Image.Exif()
    exif[0x010E] = "SECRET-EXIF"
    sent = picture(pnginfo=told, exif=exif.tobytes(), icc_profile=b"SECRET-PROFILE") + b"SECRET-TAIL"

    kept = read_logo(sent)

    assert b"SECRET" in sent
    assert b"SECRET" not in kept
    with Image.open(BytesIO(kept)) as shown:
        assert not shown.info


def test_a_photograph_that_lies_on_its_side_is_set_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn

    with Image.open(BytesIO(read_logo(picture((40, 20), format="JPEG", exif=exif.tobytes())))) as shown:
        assert shown.size == (20, 40)


def test_a_picture_that_does_not_compress_is_made_smaller_until_it_fits():
    noise = Image.effect_noise((1300, 1300), 90).convert("RGB")
    written = BytesIO()
    noise.save(written, "JPEG", quality=20)
    assert len(written.getvalue()) <= LOGO_BYTES

    assert len(read_logo(written.getvalue())) <= LOGO_BYTES


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"", "neither"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither"),
        (picture(format="GIF"), "neither"),
        (picture(format="TIFF"), "neither"),
        (picture((LONGEST_SIDE + 1, 1)), "2001 by 1 pixels"),
        (picture((20_000, 20_000), mode="1"), "20000 by 20000 pixels|neither"),  # a bomb: 50 kB that unpack to 400 MB
        (b"\0" * (LOGO_BYTES + 1), "at most 512 kB"),
        (picture()[:60], "damaged|neither"),
    ],
    ids=["empty", "svg", "gif", "tiff", "wide", "bomb", "large", "cut"],
)
def test_what_is_no_logo_is_refused_with_the_reason(sent, why):
    with pytest.raises(ValueError, match=why):
        read_logo(sent)


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_logo_is_read_or_refused_but_never_a_defect(data):
    sent = bytearray(data.draw(st.sampled_from([picture(), picture(format="JPEG"), picture(mode="P")])))
    for _ in range(data.draw(st.integers(1, 6))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(sent)))

    try:
        kept = read_logo(bytes(sent[:cut]))
    except ValueError:
        return
    assert kept.startswith(b"\x89PNG")


@given(
    st.sampled_from(Paper),
    st.sampled_from(Orientation),
    st.text(max_size=80),
    st.lists(st.builds(Signatory, st.text(min_size=1, max_size=80), st.text(max_size=80)), max_size=4),
    st.booleans(),
)
def test_everything_in_a_sketch_stands_on_the_paper(paper, orientation, name, signatories, has_logo):
    logo = WITH_LOGO.logo if has_logo else None
    sketch = sketch_of(Design(paper, orientation, name, "#7c5e16", logo, tuple(signatories)), issuer="Assay")

    sheet = sketch.sheet
    assert 0 < sketch.top < sketch.signatures_at < sketch.foot < sheet.height
    for one in sketch.signatures:
        assert sheet.side <= one.x - one.width / 2
        assert one.x + one.width / 2 <= sheet.width - sheet.side
    for x, y in (sketch.punches_at, sketch.seal_at, sketch.evidence, sketch.result):
        assert 0 < x < sheet.width
        assert 0 < y < sheet.height


def test_the_form_saves_a_design_with_its_logo(database, client, manager):
    answer = client.post(
        PAGE,
        data=filled(
            display_name="Harbour Academy",
            accent="#234567",
            paper="letter",
            orientation="landscape",
            logo=(BytesIO(picture()), "logo.png"),
            **{"signatories-0-name": "Grace Hopper", "signatories-0-role": "Head of Qualification"},
            **{"signatories-2-name": "Alan Turing"},
        ),
    )

    assert answer.status_code == 303
    assert present(database) == WITH_LOGO
    page = client.get(PAGE).text
    assert "Version 1" in page
    assert "data:image/png;base64," in page


def test_without_a_new_file_the_logo_stays_until_it_is_taken_off(database, client, manager):
    client.post(PAGE, data=filled(logo=(BytesIO(picture()), "logo.png")))
    client.post(PAGE, data=filled(accent="#112233"))
    assert present(database).logo is not None

    client.post(PAGE, data=filled(accent="#112233", without_logo="y"))
    assert present(database).logo is None


def test_the_form_keeps_what_was_typed_and_says_what_does_not_fit(database, client, manager):
    answer = client.post(
        PAGE,
        data=filled(
            display_name="Harbour <Academy>",
            accent="#e8c84a",
            paper="letter",
            logo=(BytesIO(b"GIF89a"), "logo.png"),
            **{"signatories-1-role": "Chair of the board"},
        ),
    )

    assert answer.status_code == 422
    assert "3 fields need mending." in answer.text
    assert "too light to read" in answer.text
    assert f"{readable_shade('#e8c84a')} is the same colour, dark enough." in answer.text
    assert "Each signatory needs a name" in answer.text
    assert "this file is neither" in answer.text
    for kept in ("Harbour &lt;Academy&gt;", 'value="#e8c84a"', "Chair of the board"):
        assert kept in answer.text
    assert present(database) == HOUSE_DESIGN


@pytest.mark.parametrize("left_out", [("paper",), ("orientation",), ("accent",), ("display_name",), ("signatories",)])
def test_a_form_that_is_sent_in_part_is_no_defect(database, client, manager, left_out):
    whole = filled(display_name="Part")
    sent = {name: value for name, value in whole.items() if not name.startswith(left_out)}

    assert client.post(PAGE, data=sent).status_code in (303, 422)
    assert client.post(PAGE, data=filled(paper="papyrus")).status_code == 422


def test_a_preview_shows_what_was_typed_and_saves_nothing(database, client, manager):
    answer = client.post(PAGE, data=filled(accent="#234567", do="preview", logo=(BytesIO(picture()), "logo.png")))

    assert answer.status_code == 200
    assert "It is not saved yet." in answer.text
    assert "accent colour #234567" in answer.text
    assert "Choose the logo once more" in answer.text
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert not session.scalars(select(DesignVersion.id)).all()


def test_a_logo_that_is_much_too_large_is_told_so_beside_the_form(client, manager):
    answer = client.post(PAGE, data=filled(display_name="Kept", logo=(BytesIO(b"\0" * 3_000_000), "logo.png")))

    assert answer.status_code == 422
    assert "at most 512 kB" in answer.text
    assert 'value="Kept"' in answer.text


def test_an_earlier_version_is_shown_and_restored(database, client, manager):
    client.post(PAGE, data=filled(display_name="First"))
    client.post(PAGE, data=filled(display_name="Second"))
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        first = list_design_versions(session)[-1].id
    assert "First" in client.get(f"{PAGE}{first}").text

    answer = client.post(f"{PAGE}{first}/restore")

    assert answer.status_code == 303
    assert present(database).display_name == "First"
    assert client.get(f"{PAGE}{uuid4()}").status_code == 404


def test_the_page_offers_to_bring_what_is_issued_into_the_saved_design(database, client, manager):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        make_certificates(session, 3)
    assert "in another design" not in client.get(PAGE).text
    client.post(PAGE, data=filled(display_name="New"))
    assert "3 certificates are in another design" in client.get(PAGE).text

    answer = client.post(
        "/manage/certificates/runs/", data={"kind": "design", "seen": "3", "reason": "A new design.", "do": "start"}
    )

    assert answer.status_code == 303
    assert "are being brought into the present design" in client.get(PAGE).text
    with database.reading(PUBLIC_ORGANISATION_ID) as session:
        assert session.scalars(select(ReissueRun.total)).one() == 3


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.AUTHOR, Role.MARKER])
def test_only_managers_design(database, client, role):
    with database.transaction(PUBLIC_ORGANISATION_ID) as session:
        person = make_person(session, roles=(role,))
    sign_in(client, person)

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, data=filled()).status_code == 403
    assert client.get("/manage/certificates/runs/").status_code == 403
