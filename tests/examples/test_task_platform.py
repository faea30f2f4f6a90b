"""The example platform and Assay as separate processes: from a newcomer to an appeal that opens the work again."""

import re

import pytest
from task_platform.catalogue import TASKS

from tests.databases import drop_database, make_database_url
from tests.examples.browsing import Visitor, eventually
from tests.examples.processes import Sites, both_sites, lines_of

TIER = "checked-claims"
TRACK = "fact-versus-fiction"
PASSWORD = "a long sentence of mine"


@pytest.fixture
def sites(tmp_path):
    url = make_database_url(tmp_path)
    with both_sites(tmp_path, url) as sites:
        yield sites
    drop_database(url)


def sign_up_and_join(sites: Sites) -> Visitor:
    """A newcomer follows the invitation, signs up, and lets the vendor see certificates and quality."""
    visitor = Visitor()
    visitor.get(f"{sites.assay}/sign-up")
    visitor.post("/sign-up", name="Noor Newcomer", email="noor@workers.example", password=PASSWORD)
    visitor.get(sites.invitation)
    visitor.post(sites.invitation, scope=["certificates", "quality", "results"])
    assert visitor.page.ok, visitor.text
    return visitor


def sign_in_through_the_platform(sites: Sites, visitor: Visitor) -> None:
    visitor.get(f"{sites.platform}/sign-in")
    assert "Sign in to Claims & Pay?" in visitor.text
    visitor.post(visitor.action('/oauth/authorize/answer[^"]*'), do="allow")
    assert visitor.page.url.startswith(f"{sites.platform}/")
    assert "Noor Newcomer" in visitor.text


def qualify(sites: Sites, visitor: Visitor) -> None:
    """Pass the public catalogue's test, with every answer right."""
    move_to(sites, visitor, "Assay public catalogue")
    visitor.get(f"{sites.assay}/tests/{TRACK}/")
    visitor.post(f"/tests/{TRACK}/attempts")
    attempt = re.search(r"/attempts/([0-9a-f-]{36})/", visitor.page.url)[1]
    for line in lines_of(sites.command("attempt", "sheet", attempt)):
        saved = visitor.put(
            f"/attempts/{attempt}/responses/{line['position']}", {"response": line["response"], "sequence": 1}
        )
        assert saved.ok, saved.text
    visitor.post(f"/attempts/{attempt}/submit")
    assert "You passed" in visitor.text


def says(visitor: Visitor, sites: Sites, words: str) -> bool:
    """Whether the platform's list of offers says this."""
    visitor.get(sites.platform)
    return words in visitor.text


def answer_wrong(visitor: Visitor, sites: Sites) -> bool:
    """Give a wrong answer to the next task; False when there is none to be had."""
    visitor.get(f"{sites.platform}/work/{TIER}")
    if visitor.page.status_code != 200:
        return False
    address = visitor.action(f'/work/{TIER}/[^"]+')
    task = TASKS[address.rpartition("/")[2]]
    visitor.post(address, answer="false" if task.is_true else "true")
    return visitor.page.status_code in {200, 403}


def work_until_a_suspension_is_proposed(sites: Sites, visitor: Visitor) -> None:
    """Answer wrong, until a manager sees a proposal."""
    manager = manager_of(sites, next(iter(sites.managers)))
    for _ in range(8):
        assert all(answer_wrong(visitor, sites) for _ in range(4)), visitor.text
        manager.get(f"{sites.assay}/manage/quality/")
        if "/manage/quality/proposals/" in manager.page.text:
            return
    raise AssertionError(f"nothing was proposed\n{sites.logs()}")


def manager_of(sites: Sites, address: str) -> Visitor:
    """A manager of the vendor, at Assay."""
    manager = Visitor()
    manager.get(f"{sites.assay}/sign-in")
    manager.post("/sign-in", email=address, password=sites.managers[address])
    move_to(sites, manager, "Claims & Pay")
    return manager


def move_to(sites: Sites, visitor: Visitor, name: str) -> None:
    """Go on in another organisation, by the button with its name."""
    visitor.get(f"{sites.assay}/account/organisations")
    found = re.search(
        rf'name="organisation" value="([0-9a-f-]{{36}})"[^>]*>(?:[^<]|<(?!/button))*{re.escape(name)}', visitor.text
    )
    if found:
        visitor.post("/organisations/switch", organisation=found[1])


def test_a_newcomer_qualifies_works_is_suspended_and_comes_back(sites):
    visitor = sign_up_and_join(sites)
    sign_in_through_the_platform(sites, visitor)

    visitor.get(f"{sites.platform}/work/{TIER}")
    assert visitor.page.status_code == 403
    assert "is not open for you yet" in visitor.text
    assert "ertificate" in visitor.text.partition("What is missing:")[2], visitor.text

    qualify(sites, visitor)
    eventually(lambda: says(visitor, sites, "open for you"), f"the tier opens\n{sites.logs()}")
    visitor.get(f"{sites.platform}/work/{TIER}")
    assert "asking Assay" in visitor.text
    visitor.get(f"{sites.platform}/work/{TIER}")
    assert "a signed token, without a call" in visitor.text

    work_until_a_suspension_is_proposed(sites, visitor)
    assert says(visitor, sites, "open for you"), "a number alone closes nothing"
    first, second = (manager_of(sites, address) for address in sites.managers)
    first.get(f"{sites.assay}/manage/quality/")
    address = first.link(r"/manage/quality/proposals/[0-9a-f-]{36}")
    first.get(sites.assay + address)
    first.post(address, do="confirmed", reason="Every one of these answers was wrong.")
    assert first.page.ok, first.text
    eventually(lambda: says(visitor, sites, "closed for you"), f"the tier closes\n{sites.logs()}")
    visitor.get(f"{sites.platform}/work/{TIER}")
    assert visitor.page.status_code == 403
    assert "closed to this person: Every one of these answers was wrong." in visitor.text

    move_to(sites, visitor, "Claims & Pay")
    visitor.get(f"{sites.assay}/me/quality/")
    visitor.get(sites.assay + visitor.link(r"/me/quality/suspensions/[0-9a-f-]{36}"))
    visitor.post(visitor.page.url, grounds="I was told to answer wrong, to see what happens.")
    second.get(f"{sites.assay}/manage/quality/")
    address = second.link(r"/manage/quality/suspensions/[0-9a-f-]{36}")
    second.get(sites.assay + address)
    second.post(address, do="upheld", reason="That is what the test is for.")
    assert second.page.ok, second.text
    eventually(lambda: says(visitor, sites, "open for you"), f"the tier opens again\n{sites.logs()}")
    visitor.get(f"{sites.platform}/work/{TIER}")
    assert visitor.page.status_code == 200
