"""Memory of the processes that serve pages: what stays is shared and left alone, what goes is given back."""

import ctypes
import gc

YOUNG = 20_000  # objects made and still there before the collector looks for cycles among them
_M_ARENA_MAX = -8  # of glibc's mallopt


def keep_one_heap() -> None:
    """To be called before there is a second thread: glibc decides then how many heaps there may be.

    With a heap for each thread, each would keep the 19 MiB of the password hashes that it once verified.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # others have one heap anyway, or small ones
        libc.mallopt(_M_ARENA_MAX, 1)


def settle_memory() -> None:
    """To be called when what stays is made: before processes are forked off, in each before it serves or works.

    What stays is never gone through again, so that pages of memory stay shared with the process it was forked from. A
    request makes few cycles, and looking for them as often as a young process does took 5 % of an attempt's CPU time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
