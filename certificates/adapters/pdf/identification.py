"""Says in the metadata of a PDF that it is PDF/UA-1 as well as PDF/A-3a."""

from collections.abc import Callable

from weasyprint import Document

_END = b"</rdf:RDF>"
# PDF/A knows no property of PDF/UA, so its schema is described beside it: ISO 19005-3, 6.6.2.3.
_PDF_UA = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def identify_as_accessible(document: Document) -> None:
    """Have the metadata of a document name PDF/UA-1, inside the RDF, where validators look for it."""
    generate: Callable[..., bytes] = document.metadata.generate_rdf_metadata

    def generate_both(*variant: object) -> bytes:
        written = generate(*variant)
        if not written.endswith(_END):
            raise ValueError("the metadata of a PDF do not end as RDF")
        return written.removesuffix(_END) + _PDF_UA + _END

    document.metadata.generate_rdf_metadata = generate_both
