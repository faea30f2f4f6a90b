"""Static files: one hashed address per build, so that browsers may keep them for a year."""

import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, send_from_directory, url_for
from werkzeug.exceptions import NotFound

from lms.web.policy import public

_EXTENSION = "assay.assets"


class Assets:
    """The static folders of the packages, and the digest of all that is in them."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self.folders = folders
        digest = hashlib.sha256()
        for package, folder in sorted(folders.items()):
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                digest.update(f"{package}/{path.relative_to(folder)}".encode())
                digest.update(path.read_bytes())
        self.digest = digest.hexdigest()[:16]


def register_assets(app: Flask, packages: dict[str, Path]) -> None:
    """Serve `<package>/web/static` of each package under one digest."""
    folders = {name: root / "web" / "static" for name, root in packages.items()}
    app.extensions[_EXTENSION] = assets = Assets({n: f for n, f in folders.items() if f.is_dir()})

    blueprint = Blueprint("assets", __name__)

    def static(path: str) -> str:
        return url_for("assets.file", digest=assets.digest, path=path)

    @blueprint.get("/static/<digest>/<path:path>")
    @public
    def file(digest: str, path: str) -> Response:
        """Any digest is answered, so that a page from before an update still finds its files."""
        package, _, rest = path.partition("/")
        if package not in assets.folders:
            raise NotFound
        response = send_from_directory(assets.folders[package], rest)
        is_current = digest == assets.digest
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_current else "no-cache"
        return response

    app.register_blueprint(blueprint)
    app.jinja_env.globals["static"] = static
