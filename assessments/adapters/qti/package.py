"""A package of QTI files: its manifest says which are items; what else it lists is told."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from assessments.adapters import safe_xml
from assessments.adapters.exchange import Omission, UnreadableFile
from assessments.adapters.qti import companion
from assessments.adapters.qti.notes import Notes, NotReadable, line_of, place_of
from assessments.adapters.qti.plain_text import text_of
from assessments.adapters.qti.versions import with_plain_names
from assessments.adapters.safe_archive import Archive

MANIFEST = "imsmanifest.xml"

_ITEMS = ("imsqti_item_xml", "imsqti_apipitem_xml")
_OTHER_QTI = ("imsqti_", "imsqtitest", "qtiusagedata", "imsbasiclti", "imslti")
_SILENT = (
    "imsqti_stimulus",
    "imsqti_rptemplate",
    "imsqti_resprocessing",
    "imsqti_fragment",
)  # read or known where used
_MOST_STIMULI = 64  # texts that are kept for the next item that refers to them
_MOST_STIMULUS = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class ItemFile:
    """An item's file: its place among the items of the package (from 1), its path, and whose work it says it is."""

    row: int
    path: str
    attribution: Mapping[str, Any] | None


class Package:
    """An open package; `omissions` are what of it was left out, told with its first item.

    Raises UnreadableFile when it has no manifest, or one that lists no item.
    """

    def __init__(self, archive: Archive, title: str) -> None:
        self._archive = archive
        self._stimuli: dict[str, str] = {}
        self._base = _base_of(archive)
        self.omissions: list[Omission] = []
        manifest = _without_namespaces(safe_xml.parse(archive.read(self._base + MANIFEST, safe_xml.MOST_BYTES)))
        self.items = self._items(manifest, title)
        if not self.items:
            raise UnreadableFile("the manifest lists no QTI item; expected resources of the type imsqti_item_xml…")
        self.companion = self._companion()

    def _items(self, manifest: etree._Element, title: str) -> tuple[ItemFile, ...]:
        attribution = _attribution(manifest.find("metadata"), title)
        found: dict[str, ItemFile] = {}
        for resource in manifest.iter("resource"):
            kind, href = resource.get("type", "").strip(), resource.get("href", "").strip()
            if kind.startswith(_ITEMS):
                path = self._base + unquote(href)
                own = _attribution(resource.find("metadata"), title) or attribution
                found.setdefault(path, ItemFile(len(found) + 1, path, own))
            elif kind.startswith(_OTHER_QTI) and not kind.startswith(_SILENT):
                reason = f"{href[:80]} ({kind[:40]}) was left out: items alone are read"
                self.omissions.append(Omission(1, place_of(MANIFEST, line_of(resource)), reason))
        return tuple(found.values())

    def _companion(self) -> companion.Companion:
        name = self._base + companion.NAME
        if name not in self._archive:
            return companion.Companion()
        try:
            return companion.parse_companion(self._archive.read(name, companion.MOST_BYTES))
        except (companion.InvalidCompanion, UnreadableFile) as fault:
            self.omissions.append(Omission(1, companion.NAME, f"it was left aside: {fault}"))
            return companion.Companion()

    def read(self, path: str) -> bytes:
        """Return a file; raise NotReadable when there is none, UnreadableFile when it is broken or too large."""
        if path not in self._archive:
            raise NotReadable(f"the package has no file {path[:120] or '(without a name)'}, which it lists")
        return self._archive.read(path, safe_xml.MOST_BYTES)

    def stimulus(self, item_path: str, href: str, notes: Notes) -> str:
        """Return the text of a stimulus to which an item refers by an address relative to its own."""
        path = _path_from(item_path, href)
        if path not in self._stimuli:
            if path not in self._archive:
                raise NotReadable(f"the package has no file {path[:120]}, to which the item refers")
            root = safe_xml.parse(self._archive.read(path, _MOST_STIMULUS))
            body = with_plain_names(root, "assessmentStimulus").find("stimulusBody")
            if len(self._stimuli) >= _MOST_STIMULI:
                self._stimuli.clear()
            self._stimuli[path] = "" if body is None else text_of(body, notes)
        return self._stimuli[path]


def _base_of(archive: Archive) -> str:
    """The folder of the manifest: the root of the archive, or the one folder that holds all of the package."""
    if MANIFEST in archive:
        return ""
    found = [name for name in archive.names if name.count("/") == 1 and name.endswith(f"/{MANIFEST}")]
    if len(found) != 1:
        raise UnreadableFile(f"the archive has no {MANIFEST}; expected a QTI package, or one item as an XML file")
    return found[0].removesuffix(MANIFEST)


def _path_from(item_path: str, href: str) -> str:
    try:
        address = urlsplit(href.strip())
    except ValueError:
        raise NotReadable(f"the item refers to {href[:120]}, which is no address") from None
    if address.scheme or address.netloc or address.path.startswith("/"):
        raise NotReadable(f"the item refers to {href[:120]}, outside the package; nothing is fetched from elsewhere")
    return posixpath.normpath(posixpath.join(posixpath.dirname(item_path), unquote(address.path)))


def _without_namespaces(manifest: etree._Element) -> etree._Element:
    """Manifests use one of several namespaces for the same elements; the local names are enough."""
    for element in manifest.iter("*"):
        element.tag = etree.QName(element).localname
    if manifest.tag != "manifest":
        raise UnreadableFile(f"{MANIFEST} is a <{manifest.tag}>; expected a <manifest>")
    return manifest


def _attribution(metadata: etree._Element | None, title: str) -> dict[str, Any] | None:
    """Whose work this is, where the metadata (LOM) state rights in words."""
    if metadata is None:
        return None
    rights = _words(metadata.find(".//rights/description"))
    if not rights:
        return None
    return {"source": _words(metadata.find(".//general/title")) or title[:500], "licence": rights}


def _words(element: etree._Element | None) -> str:
    """The words of a metadata element as one line of at most 500 characters."""
    words = "" if element is None else " ".join(" ".join(str(part) for part in element.itertext("*")).split())
    return words if len(words) <= 500 else words[:499] + "…"
