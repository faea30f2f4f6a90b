"""The manifest of a package: which files it holds, and under which rights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from assessments.adapters.qti import companion
from assessments.adapters.qti.versions import XSI, Version

_LOM = "http://ltsc.ieee.org/xsd/LOM"


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """An item's file as the manifest lists it."""

    identifier: str
    path: str
    attribution: Mapping[str, Any] | None


def write_manifest(version: Version, entries: Sequence[ItemEntry]) -> bytes:
    """Return the manifest of a package with these items and the companion file."""
    prefixes: Any = {None: version.manifest_namespace, "xsi": XSI}  # the stubs know no namespace without a prefix
    root = etree.Element(f"{{{version.manifest_namespace}}}manifest", nsmap=prefixes, attrib={"identifier": "assay"})
    root.set(f"{{{XSI}}}schemaLocation", f"{version.manifest_namespace} {version.manifest_schema}")
    metadata = _add(root, "metadata")
    _add(metadata, "schema").text = version.package_schema
    _add(metadata, "schemaversion").text = version.package_schema_version
    _add(root, "organizations")
    resources = _add(root, "resources")
    for entry in entries:
        _write_item(version, resources, entry)
    beside = _add(resources, "resource", identifier="companion", type="webcontent", href=companion.NAME)
    _add(beside, "file", href=companion.NAME)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _write_item(version: Version, resources: etree._Element, entry: ItemEntry) -> None:
    names = {"identifier": f"item-{entry.identifier}", "type": version.item_resource, "href": entry.path}
    resource = _add(resources, "resource", **names)
    if entry.attribution:
        lom: etree._Element = etree.SubElement(_add(resource, "metadata"), f"{{{_LOM}}}lom", nsmap={"lom": _LOM})
        rights = etree.SubElement(lom, f"{{{_LOM}}}rights")
        words = [
            str(entry.attribution[part])
            for part in ("source", "licence", "url", "changes")
            if entry.attribution.get(part)
        ]
        description = etree.SubElement(rights, f"{{{_LOM}}}description")
        etree.SubElement(description, f"{{{_LOM}}}string").text = "; ".join(words)
    _add(resource, "file", href=entry.path)


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    namespace = etree.QName(parent).namespace
    return etree.SubElement(parent, f"{{{namespace}}}{name}", attrib=attributes)
