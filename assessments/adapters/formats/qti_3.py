"""QTI 3.0, the exchange format of item banks: packages and single items are read, packages are written."""

from collections.abc import Iterable

from assessments.adapters.exchange import Format, Refusal, WrittenItem
from assessments.adapters.qti.reading import read
from assessments.adapters.qti.versions import QTI_3_0
from assessments.adapters.qti.writing import write_package


def write(items: Iterable[WrittenItem]) -> tuple[bytes, list[Refusal]]:
    """Write a package of QTI 3.0."""
    return write_package(QTI_3_0, items)


FORMAT = Format(
    name="qti-3",
    title="QTI 3.0 (takes a .zip package or the .xml of one item; 2.1 and 2.2 are read as well)",
    suffixes=(".zip", ".xml"),
    read=read,
    write=write,
    is_data_set=True,  # packages of other systems hold interactions that we do not have: the others are still of use
)
