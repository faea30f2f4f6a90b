"""QTI 2.2, for systems that do not read version 3 yet: packages and single items are read, packages are written."""

from collections.abc import Iterable

from assessments.adapters.exchange import Format, Refusal, WrittenItem
from assessments.adapters.qti.reading import read
from assessments.adapters.qti.versions import QTI_2_2
from assessments.adapters.qti.writing import write_package


def write(items: Iterable[WrittenItem]) -> tuple[bytes, list[Refusal]]:
    """Write a package of QTI 2.2."""
    return write_package(QTI_2_2, items)


FORMAT = Format(
    name="qti-2",
    title="QTI 2.2 (takes a .zip package or the .xml of one item; 2.1 and 3.0 are read as well)",
    suffixes=(".zip", ".xml"),
    read=read,
    write=write,
    is_data_set=True,  # packages of other systems hold interactions that we do not have: the others are still of use
)
