"""The process in the jail: takes one message after another, and answers each by the service that it was started for."""

import os
import sys
import sysconfig
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from certificates.adapters.pdf.confinement import allow_seconds, confine, ignore_interrupts, leave_network
from certificates.adapters.pdf.messages import OUT_OF_MEMORY, read_message, write_message

Service = Callable[[bytes], bytes]
OURS = Path(__file__).parents[3]


def main(service: str, memory_bytes: str, cpu_seconds: str) -> None:
    """Serve until the other side ends. `service` is "module:function", a function that makes a Service.

    Whatever a service raises ends the process: the next message finds a new one.
    """
    ignore_interrupts()
    leave_network()
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not run into the answers
    module, _, function = service.partition(":")
    serve: Service = getattr(import_module(module), function)()
    libraries = {Path(path) for path in sysconfig.get_paths().values()}
    confine(memory_bytes=int(memory_bytes), folders=(OURS / "certificates", *libraries))
    write_message(answers, b"")  # ready
    try:
        while (message := read_message(requests)) is not None:
            allow_seconds(int(cpu_seconds))
            write_message(answers, serve(message))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main(*sys.argv[1:])
