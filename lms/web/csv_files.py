"""CSV files that people open in spreadsheets: no cell of ours is taken for a formula. Long ones leave in pieces."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

from flask import Response

# What spreadsheets begin a formula with, in narrow and wide letters; some look past blanks and unseen signs before it.
_BEGINS_FORMULA = frozenset("=+-@＝＋－＠")
_LOOKED_PAST = " \t\r\n\v\f\0\u00a0\u200b\ufeff"
Cell = str | int | float | None
_PIECE = 65_536  # letters that leave at once


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet might compute this text instead of showing it."""
    return text[:1] in {"\t", "\r", "\n"} or text.lstrip(_LOOKED_PAST)[:1] in _BEGINS_FORMULA


def neutralised(text: str) -> str:
    """The text as a cell that is only shown: what might be a formula gets an apostrophe before it."""
    return f"'{text}" if text and begins_formula(text) else text


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), each cell of text neutralised; numbers stay as they are."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(cells: Iterable[Cell]) -> str:
        writer.writerow([neutralised(cell) if isinstance(cell, str) else cell for cell in cells])
        written = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return written

    yield line(header)
    for row in rows:
        yield line(row)


def csv_answer(file_name: str, header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Response:
    """A download, in UTF-8 with the mark by which spreadsheets know it."""
    body = "\ufeff" + "".join(csv_lines(header, rows))
    return Response(
        body,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def streamed_csv(file_name: str, header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Response:
    """The same of rows that come while the file is sent, however many they are."""
    return streamed_file(file_name, "text/csv", chain(["\ufeff"], csv_lines(header, rows)))


def streamed_file(file_name: str, mimetype: str, lines: Iterable[str]) -> Response:
    """A download that is sent while its lines come.

    What fails in between cuts it off, and servers end it as if it were whole: the last line has to say that it is.
    """
    return Response(
        _in_pieces(lines),
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )


def _in_pieces(lines: Iterable[str]) -> Iterator[str]:
    """Joined to pieces of some size: a server takes longer for ten thousand small ones than for one."""
    waiting, length = [], 0
    for line in lines:
        waiting.append(line)
        length += len(line)
        if length >= _PIECE:
            yield "".join(waiting)
            waiting, length = [], 0
    yield "".join(waiting)
