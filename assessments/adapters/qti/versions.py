"""The versions of QTI as data, and the names of elements, which differ by hyphens and a prefix only.

All other modules here speak the names of version 2 (`choiceInteraction`, `responseIdentifier`) without a namespace.
"""

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from assessments.adapters.qti.notes import NotReadable

XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Version:
    """A version that is written: its names, addresses and the few places where its structure differs.

    `template` has `{}` for the name of a response processing template. `has_content_body` says whether feedback and
    rubrics wrap their text in an element of its own.
    """

    number: str
    namespace: str
    schema: str
    template: str
    is_hyphenated: bool
    has_content_body: bool
    manifest_namespace: str
    manifest_schema: str
    package_schema: str
    package_schema_version: str
    item_resource: str


QTI_3_0 = Version(
    number="3.0",
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{}.xml",
    is_hyphenated=True,
    has_content_body=True,
    manifest_namespace="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    manifest_schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    package_schema="QTI Package",
    package_schema_version="3.0.0",
    item_resource="imsqti_item_xmlv3p0",
)

QTI_2_2 = Version(
    number="2.2",
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p2",
    schema="http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
    template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/{}",
    is_hyphenated=False,
    has_content_body=False,
    manifest_namespace="http://www.imsglobal.org/xsd/imscp_v1p1",
    manifest_schema="http://www.imsglobal.org/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd",
    package_schema="QTIv2.2 Package",
    package_schema_version="1.0.0",
    item_resource="imsqti_item_xmlv2p2",
)

# Namespaces that are read, and whether their names are hyphenated.
READ = {
    "http://www.imsglobal.org/xsd/imsqti_v2p0": False,
    "http://www.imsglobal.org/xsd/imsqti_v2p1": False,
    QTI_2_2.namespace: False,
    QTI_3_0.namespace: True,
}
_EXPECTED = "expected an item of QTI 2.1, 2.2 or 3.0"
_HTML = {"br", "div", "h2", "h3", "li", "p", "pre", "span", "ul"}  # of HTML, what is written; its names have no prefix


def with_plain_names(root: etree._Element, expected: str) -> etree._Element:
    """Rename the elements and attributes of a parsed document to those of version 2, without a namespace.

    Elements of other namespaces (formulas, inclusions) keep their full names. Raises NotReadable when the root is
    not the `expected` element of a version that is read.
    """
    name = etree.QName(root)
    if name.localname == "questestinterop":
        raise NotReadable(f"the document is in QTI 1.2; {_EXPECTED}", root)
    if name.namespace not in READ:
        raise NotReadable(f"<{name.localname}> is in the namespace {name.namespace or '(none)'}; {_EXPECTED}", root)
    is_hyphenated = READ[name.namespace]
    for element in root.iter("*"):
        own = etree.QName(element)
        if own.namespace == name.namespace:
            element.tag = _plain_element(own.localname) if is_hyphenated else own.localname
            if is_hyphenated and own.localname.startswith("qti-"):
                _rename_attributes(element)
    if root.tag != expected:
        raise NotReadable(f"the document is a <{name.localname}>; {_EXPECTED}", root)
    return root


def _plain_element(name: str) -> str:
    rest = name.removeprefix("qti-")
    return _joined(rest) if rest != name and rest[:1].isalpha() else name


def _joined(name: str) -> str:
    return re.sub(r"-([a-z])", lambda found: found[1].upper(), name)


def _rename_attributes(element: etree._Element) -> None:
    for name, value in list(element.attrib.items()):
        plain = str(name)
        if "-" in plain and not plain.startswith(("data-", "aria-", "{")):
            del element.attrib[plain]
            element.set(_joined(plain), str(value))


def with_names_of(version: Version, root: etree._Element) -> etree._Element:
    """Return a copy of a document of plain names in the names and the namespace of a version."""
    named = etree.Element(
        _element_of(version, str(root.tag)),
        nsmap=_prefixes(version),
        attrib=_attributes(version, root),
    )
    named.set(f"{{{XSI}}}schemaLocation", f"{version.namespace} {version.schema}")
    _copy_children(version, root, named)
    return named


def _prefixes(version: Version) -> Any:
    """The stubs of lxml know no namespace without a prefix."""
    return {None: version.namespace, "xsi": XSI}


def _copy_children(version: Version, source: etree._Element, target: etree._Element) -> None:
    target.text = source.text
    for child in source:
        copy = etree.SubElement(target, _element_of(version, str(child.tag)), attrib=_attributes(version, child))
        copy.tail = child.tail
        _copy_children(version, child, copy)


def _attributes(version: Version, element: etree._Element) -> dict[str, str]:
    named = element.tag not in _HTML and version.is_hyphenated
    return {_hyphenated(str(name)) if named else str(name): str(value) for name, value in element.attrib.items()}


def _element_of(version: Version, name: str) -> str:
    named = f"qti-{_hyphenated(name)}" if version.is_hyphenated and name not in _HTML else name
    return f"{{{version.namespace}}}{named}"


def _hyphenated(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"-{found[0].lower()}", name)
