"""Static files: one hashed address per build, so that browsers may keep them for a year."""

import gzip
import hashlib
import mimetypes
from pathlib import Path

from flask import Blueprint, Flask, Response, request, send_from_directory, url_for
from werkzeug.exceptions import NotFound

from lms.web.policy import public

_EXTENSION = "assay.assets"
_PACKED = {".css", ".js", ".svg"}  # pictures and fonts are packed already


class Assets:
    """The static folders of the packages, the digest of all that is in them, and their texts, compressed once."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self.folders = folders
        self.packed: dict[str, bytes] = {}
        digest = hashlib.sha256()
        for package, folder in sorted(folders.items()):
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                name, data = f"{package}/{path.relative_to(folder)}", path.read_bytes()
                digest.update(name.encode())
                digest.update(data)
                if path.suffix in _PACKED:
                    self.packed[name] = gzip.compress(data, mtime=0)
        self.digest = digest.hexdigest()[:16]


def register_assets(app: Flask, packages: dict[str, Path]) -> None:
    """Serve `<package>/web/static` of each package under one digest."""
    folders = {name: root / "web" / "static" for name, root in packages.items()}
    app.extensions[_EXTENSION] = assets = Assets({n: f for n, f in folders.items() if f.is_dir()})

    blueprint = Blueprint("assets", __name__)

    addresses: dict[tuple[str, str], str] = {}  # of the files that templates name, below where we are mounted

    def static(path: str) -> str:
        place = (request.script_root, path)
        if place not in addresses:
            addresses[place] = url_for("assets.file", digest=assets.digest, path=path)
        return addresses[place]

    @blueprint.get("/static/<digest>/<path:path>")
    @public
    def file(digest: str, path: str) -> Response:
        """Any digest is answered, so that a page from before an update still finds its files."""
        package, _, rest = path.partition("/")
        if package not in assets.folders:
            raise NotFound
        if path in assets.packed and request.accept_encodings.quality("gzip"):
            response = Response(assets.packed[path], mimetype=mimetypes.guess_type(path)[0])
            response.headers["Content-Encoding"] = "gzip"
        else:
            response = send_from_directory(assets.folders[package], rest)
        response.vary.add("Accept-Encoding")
        is_current = digest == assets.digest
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_current else "no-cache"
        return response

    app.register_blueprint(blueprint)
    app.jinja_env.globals["static"] = static
