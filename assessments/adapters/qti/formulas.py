"""Formulas: presentation MathML becomes a line of text, x^2 for what is raised and (a)/(b) for what is divided."""

from lxml import etree

from assessments.adapters.qti.notes import NotReadable

MATHML = ("http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2010/Math/MathML")

_ROWS = {"math", "mrow", "mstyle", "mpadded", "semantics", "merror", "mtd"}
_WORDS = {"mi", "mn", "mo", "mtext", "ms"}
_NOTHING = {"mspace", "annotation", "annotation-xml", "maligngroup", "malignmark", "mphantom"}


def formula(math: etree._Element) -> str:
    """Return a formula as a line of text; raise NotReadable for parts that have no such form and no `alttext`."""
    try:
        return _line(math)
    except NotReadable:
        described = (math.get("alttext") or "").strip()
        if not described:
            raise
        return described


def _line(part: etree._Element) -> str:
    name = etree.QName(part).localname
    parts = [child for child in part if isinstance(child.tag, str)]
    if name in _WORDS:
        word = " ".join("".join(str(text) for text in part.itertext("*")).split())
        return (
            f" {word} "
            if name == "mo" and word in {"=", "+", "−", "-", "≠", "<", ">", "≤", "≥", "±", "→", "⇌"}
            else word
        )
    if name in _NOTHING:
        return ""
    if name in _ROWS:
        return " ".join("".join(map(_line, parts)).split(" ")).strip()
    if name == "msqrt":
        return f"√({''.join(map(_line, parts))})"
    if name == "mfenced":
        return part.get("open", "(") + ", ".join(map(_line, parts)) + part.get("close", ")")
    if name in _PAIRS and len(parts) == 2:
        return _PAIRS[name].format(*(_closed(_line(child)) for child in parts))
    if name in {"msubsup", "munderover"} and len(parts) == 3:
        return "{}_{}^{}".format(*(_closed(_line(child)) for child in parts))
    raise NotReadable(f"the formula has a <{name}>, which cannot be written as a line of text", part)


_PAIRS = {"mfrac": "{}/{}", "msup": "{}^{}", "msub": "{}_{}", "mover": "{}^{}", "munder": "{}_{}", "mroot": "{1}√{0}"}


def _closed(line: str) -> str:
    """A part in brackets, unless it is one word."""
    return line if line.isalnum() or len(line) == 1 else f"({line})"
