"""Our own small contexts mean what the published ones mean: another program comes to the same statements with those."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.adapters import linked_data
from certificates.adapters.linked_data import BADGES_CONTEXT, CREDENTIALS_CONTEXT, canonical_statements
from certificates.domain.credential import with_evidence
from certificates.domain.status_list import StatusPurpose, list_content
from tests.certificates.credential_contents import contents, texts
from tests.certificates.factories import ISSUED_ONCE
from tests.certificates.issuer_at_hand import IssuerAtHand

BASE = "https://assay.example"


@given(content=contents(), narrative=texts)
@settings(max_examples=40)
def test_a_credential_means_the_same_with_the_published_contexts(node, content, narrative):
    evidence = {
        "id": f"{BASE}/log/leaves/1",
        "type": ["Evidence"],
        "name": "Entry in the issuance log",
        "genre": "c2sp.org/tlog-proof@v1",
        "narrative": narrative,
    }
    document = with_evidence(content, evidence=evidence)

    assert canonical_statements(document).decode() == node.statements(document)


def test_a_proof_means_the_same_with_the_published_contexts(node):
    [proof] = IssuerAtHand().sign()["proof"]
    options = {"@context": [CREDENTIALS_CONTEXT, BADGES_CONTEXT], **proof}
    del options["proofValue"]

    assert canonical_statements(options).decode() == node.statements(options)


@given(purpose=st.sampled_from(StatusPurpose), encoded=st.from_regex(r"u[A-Za-z0-9_-]{1,60}", fullmatch=True))
@settings(max_examples=20)
def test_a_status_list_means_the_same_with_the_published_contexts(node, purpose, encoded):
    document = list_content(
        base_url=BASE, purpose=purpose, number=1, issuer="did:web:assay.example", encoded=encoded, at=ISSUED_ONCE
    )

    assert canonical_statements(document).decode() == node.statements(document)


@pytest.mark.parametrize(
    "contexts",
    [
        None,
        "https://example.org/other",
        [CREDENTIALS_CONTEXT, "https://www.w3.org/2018/credentials/v1"],
        [CREDENTIALS_CONTEXT, {"name": "https://example.org/other"}],
        [CREDENTIALS_CONTEXT, None],
        {"@vocab": "https://example.org/"},
        [[CREDENTIALS_CONTEXT]],
    ],
)
def test_a_document_that_asks_for_another_context_is_refused(contexts):
    document = {**IssuerAtHand().content(), "@context": contexts}

    with pytest.raises(ValueError, match="context that is not ours"):
        canonical_statements(document)


def test_a_context_inside_a_document_is_refused():
    document = IssuerAtHand().content()
    document["credentialSubject"]["result"][0]["@context"] = {"value": "https://example.org/other"}

    with pytest.raises(ValueError, match="context inside"):
        canonical_statements(document)


def test_a_web_process_starts_without_pyld():
    code = "import sys, wsgi; print(sorted({'pyld', 'weasyprint', 'pyhanko', 'resvg_py'} & set(sys.modules)))"
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert started.stdout.strip() == "[]"


def test_the_loader_fetches_nothing():
    with pytest.raises(ValueError, match="not ours"):
        linked_data._load("https://www.w3.org/2018/credentials/v1")
