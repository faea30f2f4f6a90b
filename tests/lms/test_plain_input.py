"""A NUL in the address or in a form is refused, on either database."""

import pytest

from tests.lms.test_sign_ins import NEW


@pytest.mark.parametrize("path", ["/courses/%00/", "/tests/%00/", "/sign-up?next=%00"])
def test_a_nul_in_the_address_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_a_nul_in_a_form_is_refused_with_a_reason(client):
    answer = client.post("/sign-up", data={**NEW, "name": "Ada\0Lovelace"})

    assert answer.status_code == 422
    assert "NUL" in answer.text
