"""Work after the commit: rendering the PDF of a certificate, removing that of an erased one."""

from collections.abc import Callable

from certificates.adapters.file_store import FileStore
from certificates.domain.contents import CertificateView
from certificates.operations.rendering import keep_file
from certificates.queries.certificates import find_certificate
from lms import clock
from lms.db.session import Database
from lms.outbox.delivery import Handler
from lms.outbox.operations import Delivery


def render_handler(database: Database, store: FileStore, render: Callable[[CertificateView], bytes]) -> Handler:
    """The handler that renders. It takes long, so no transaction is open meanwhile; twice is harmless."""

    def handle(delivery: Delivery) -> None:
        certificate_id = delivery.payload["certificate_id"]
        with database.reading(delivery.organisation_id) as session:
            certificate = find_certificate(session, certificate_id)
        if certificate is None:
            return  # erased before it was rendered
        content = render(certificate)
        sha256 = store.put(content)
        with database.transaction(delivery.organisation_id) as session:
            kept = keep_file(
                session, certificate_id=certificate_id, sha256=sha256, byte_count=len(content), at=clock.now()
            )
        if kept != sha256:
            store.remove(sha256)  # erased meanwhile, or another rendering was first

    return handle


def remove_handler(store: FileStore) -> Handler:
    """The handler that removes a file which nothing refers to any more."""

    def handle(delivery: Delivery) -> None:
        store.remove(delivery.payload["sha256"])

    return handle
