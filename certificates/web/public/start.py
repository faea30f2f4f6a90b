"""The start page and the page of the tiers."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from assessments.queries.tests import list_tests
from certificates.queries.tiers import list_tiers
from certificates.web.ladders import pay_ladders
from certificates.web.public.blueprint import certificates_public
from certificates.web.steps import find_addresses
from certificates.web.ways import list_ways
from courses.queries.courses import list_courses
from lms import clock
from lms.web.policy import public
from lms.web.transactions import reading


@certificates_public.get("/")
@public
def home() -> ResponseReturnValue:
    """What Assay is, for somebody who has never heard of it."""
    with reading() as session:
        tiers = list_tiers(session)
        courses = list_courses(session)
        tests = {test.slug: test for test in list_tests(session)}
        addresses = find_addresses(session, [needed for tier in tiers for needed in tier.requires])
    return render_template(
        "certificates/public/home.html",
        ladders=pay_ladders(tiers),
        tiers=tiers,
        courses=courses,
        tests=tests,
        addresses=addresses,
    )


@certificates_public.get("/tiers/")
@public
def tiers() -> ResponseReturnValue:
    """Every tier: pay, work, what it asks for; for a signed-in person also what is missing."""
    person_id = current_user.id if current_user.is_authenticated else None
    with reading() as session:
        ways = list_ways(session, person_id=person_id, at=clock.now())
    return render_template(
        "certificates/public/tiers.html", ladders=pay_ladders(way.tier for way in ways), ways=ways, person_id=person_id
    )
