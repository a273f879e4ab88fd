"""The reference page of what programs import: `python tests/reference.py` writes it anew.

It is made of the docstrings, which are read and not run.
"""

import inspect
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import griffe

import pullquote.index
import pullquote.qa

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference.md"
FIRST = ("Retriever", "Assistant")  # what most programs need

HEAD = """\
# Reference

What programs import. This page is made of the docstrings by `python tests/reference.py`.
"""


def reference() -> str:
    """The page."""
    parts = [HEAD]
    for package in (pullquote.index, pullquote.qa):
        parts.append(f"## {package.__name__}\n\n{package.__doc__}\n")
        names = sorted(package.__all__, key=lambda name: (name not in FIRST, name))
        parts += (_described(name, package) for name in names)
    return "\n".join(parts)


def _described(name: str, package: ModuleType) -> str:
    found = _source_of(getattr(package, name))[name]
    lines = [f"### {name}", ""]
    if isinstance(found, griffe.Function):
        lines += _function(found)
    elif isinstance(found, griffe.Class):
        lines += _text(found)
        lines += _attributes(found)
        for member in found.members.values():
            if isinstance(member, griffe.Function) and not member.name.startswith("_"):
                lines += [f"#### {name}.{member.name}", "", *_function(member)]
    return "\n".join(lines)


def _source_of(thing: object) -> griffe.Module:
    name = thing.__module__
    file = Path(inspect.getfile(sys.modules[name]))
    return griffe.visit(name, file, file.read_text(encoding="utf-8"))


def _function(function: griffe.Function) -> list[str]:
    kind = "async " if "async" in function.labels else ""
    given = [each for each in function.parameters if each.name not in ("self", "cls")]
    shown = ", ".join(_parameter(each) for each in given)
    signature = f"{kind}{function.name}({shown}) -> {_annotation(function.returns)}"
    if len(signature) > 90:
        inside = "".join(f"    {_parameter(each)},\n" for each in given)
        signature = f"{kind}{function.name}(\n{inside}) -> {_annotation(function.returns)}"
    return ["```python", signature, "```", "", *_text(function)]


def _parameter(parameter: griffe.Parameter) -> str:
    shown = f"{parameter.name}: {_annotation(parameter.annotation)}"
    # What is private says nothing to a reader.
    default = "…" if str(parameter.default).startswith("_") else parameter.default
    return shown if parameter.default is None else f"{shown} = {default}"


def _annotation(annotation: object) -> str:
    return str(annotation).strip("'\"()")


def _attributes(found: griffe.Class) -> list[str]:
    lines = []
    for member in found.members.values():
        if not isinstance(member, griffe.Attribute) or member.name.startswith("_"):
            continue
        about = f": {_one_line(member.docstring.value)}" if member.docstring else ""
        kind = f" (`{_annotation(member.annotation)}`)" if member.annotation else ""
        lines.append(f"- `{member.name}`{kind}{about}")
    return [*lines, ""] if lines else []


def _text(thing: griffe.Object) -> list[str]:
    return list(_sections(thing)) if thing.docstring else []


def _sections(thing: griffe.Object) -> Iterator[str]:
    assert thing.docstring
    for section in thing.docstring.parse("google"):
        if isinstance(section, griffe.DocstringSectionText):
            yield _fenced(section.value)
        elif isinstance(section, griffe.DocstringSectionParameters):
            yield "Parameters:\n"
            yield from (f"- `{each.name}`: {_one_line(each.description)}" for each in section.value)
        elif isinstance(section, griffe.DocstringSectionRaises):
            yield "Raises:\n"
            yield from (
                f"- `{_annotation(each.annotation)}`: {_one_line(each.description)}"
                for each in section.value
            )
        yield ""


def _fenced(text: str) -> str:
    """The text with its indented lines as Python."""
    blocks = text.split("\n\n")
    return "\n\n".join(
        f"```python\n{textwrap.dedent(block)}\n```" if block.startswith("    ") else block
        for block in blocks
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
