"""The file formats there are: found by their modules, so that adding a format touches nothing else.

A format is a module in `adapters/formats` that declares it as `FORMAT`; modules there without one serve the others.
"""

from importlib import import_module
from pkgutil import iter_modules

from assessments.adapters import formats
from assessments.adapters.exchange import Format


class UnknownFormat(ValueError):
    """No format has this name; the message says which there are."""


def find_formats() -> dict[str, Format]:
    """Return the formats that the modules of `adapters/formats` declare, by name, in order of their names.

    Raises ValueError when two of them have the same name.
    """
    modules = [import_module(f"{formats.__name__}.{found.name}") for found in iter_modules(formats.__path__)]
    declared: list[Format] = [module.FORMAT for module in modules if hasattr(module, "FORMAT")]
    names = [each.name for each in declared]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"two formats are called {', '.join(twice)}")
    return {each.name: each for each in sorted(declared, key=lambda each: each.name)}


FORMATS: dict[str, Format] = find_formats()


def file_format(name: str) -> Format:
    """Return the format of this name; raise UnknownFormat when there is none."""
    if name not in FORMATS:
        raise UnknownFormat(f"unknown format; the formats are {', '.join(FORMATS)}")
    return FORMATS[name]
