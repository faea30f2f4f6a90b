"""A world: one installation on one database, on its own disk, with everything that faults can get hold of."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from lms.config import Settings
from lms.db.schema import migrate
from lms.web.transactions import EXTENSION
from tests.chaos import exam
from tests.chaos.clusters import Cluster
from tests.chaos.servers import Server
from wsgi import create_app

DISK_MEGABYTES = 600
_LAST_BYTES = 1_000_000


@dataclass(slots=True)
class Disk:
    """A file system of its own, which can be filled; a plain folder where mounting is not allowed."""

    folder: Path
    is_own: bool

    def fill(self, *, leaving: int = 0) -> None:
        """Take all the space but so many bytes."""
        space = os.statvfs(self.folder)
        most = space.f_bavail * space.f_frsize - max(leaving, _LAST_BYTES)
        with (self.folder / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            os.posix_fallocate(filler.fileno(), 0, max(1, most))
            filler.seek(0, os.SEEK_END)
            while not leaving:  # others write as well: take what there is, until there is nothing
                filler.write(bytes(4096))

    def free(self) -> None:
        (self.folder / "filler").unlink(missing_ok=True)


@dataclass(slots=True)
class World:
    """What a round of faults happens in."""

    database: str  # sqlite or postgresql
    disk: Disk
    server: Server
    app: Flask  # the same application in this process, to prepare and to look; it serves nobody
    cluster: Cluster | None
    told: set[str] = field(default_factory=set)  # violations that were reported before


@contextmanager
def make_world(database: str) -> Iterator[World]:
    """An installation with the exam published, served and ready; nothing of it is left afterwards."""
    with _disk() as disk:
        data = disk.folder / "data"
        data.mkdir()
        cluster = None
        try:
            cluster = Cluster.make(disk.folder) if database == "postgresql" else None
            url = cluster.url if cluster else f"sqlite:///{data / 'assay.db'}"
            server = Server(data, url)
            address = f"http://127.0.0.1:{server.port}"
            # Not throttled: the limiter is one for the process, and other tests run in this one afterwards.
            app = create_app(Settings(data, url, address, "a secret for tests only", is_throttled=False))
            migrate(app.extensions[EXTENSION].engine, app.extensions["assay.packages"])
            exam.publish(app)
            server.start()
            try:
                yield World(database, disk, server, app, cluster)
            finally:
                server.stop()
                app.extensions[EXTENSION].close()
        finally:
            if cluster is not None:
                cluster.remove()


@contextmanager
def _disk() -> Iterator[Disk]:
    folder = Path(tempfile.mkdtemp(prefix="assay-chaos."))
    folder.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m,mode=755", "tmpfs", str(folder)]
    is_own = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield Disk(folder, is_own)
    finally:
        if is_own:
            subprocess.run(["umount", "-l", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)
