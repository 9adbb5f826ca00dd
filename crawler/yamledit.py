"""A new site's lines for ``sites.yaml``, and where they go. Pure: text in, an insertion out; nothing there is touched.

The file belongs to a person, with comments and a way of its own of setting things out; so lines are only ever put in
between, indented as the neighbours are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

_BREAK = re.compile(r"(?<=\n)|(?<=\r)(?!\n)|(?<=[\x85\u2028\u2029])")
"""The ends of lines as YAML counts them."""
_PLAIN = re.compile(r"https?://[\w.~/?&=%+,;@!$:-]*[\w~/?&=%+;@$-]", re.ASCII)
"""An address that every YAML reads as the text it is, without quotes."""


class NoPlace(Exception):
    """A file whose ``sites:`` is set out in a way that no lines can be put into; its text says which."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """``text`` goes in at ``offset`` characters; ``entry`` are the lines of it that say something, from ``line`` on
    (the first line of a file is 1).
    """

    offset: int
    text: str
    line: int
    entry: tuple[str, ...]

    def into(self, old: str) -> str:
        """The text with the insertion in it."""
        return old[: self.offset] + self.text + old[self.offset :]


@dataclass(frozen=True, slots=True)
class _Style:
    """How a file's sites are set out: columns of a site's key, of what stands below it, of a list's dash below that."""

    key: int = 2
    part: int = 2
    dash: int = 2
    gap: bool = False


def new_site(text: str, key: str, name: str, columns: Sequence[tuple[str, str]]) -> Insertion:
    """The insertion that adds a site; ``columns`` are addresses with a comment each, which may be empty.

    ``text`` is the whole of a file that is sound YAML. Raises NoPlace.
    """
    lines = _BREAK.split(text)
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) and not root.flow_style else []
    heading, sites = next(((each, value) for each, value in pairs if each.value == "sites"), (None, None))
    if heading is None:
        raise NoPlace("`sites:` does not stand at the start of a line of its own")
    if isinstance(sites, yaml.MappingNode) and sites.value and not sites.flow_style:
        style = _style_of(sites, lines)
        at = _past_comments(lines, _ends(text, sites, lines), style.key)
        return _insertion(lines, at, _entry(style, key, name, columns), gap=style.gap)
    if isinstance(sites, yaml.ScalarNode) and not sites.value and not sites.style:
        style = _Style(key=heading.start_mark.column + 2)
        return _insertion(lines, heading.end_mark.line + 1, _entry(style, key, name, columns), gap=False)
    raise NoPlace("the entries of `sites:` do not stand on lines of their own, indented below it")


def _entry(style: _Style, key: str, name: str, columns: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    key_at, part_at = " " * style.key, " " * (style.key + style.part)
    dash_at = " " * (style.key + style.part + style.dash)
    quoted = key if re.fullmatch(r"(?!(?:on|off|yes|no|true|false|null|y|n)$)[A-Za-z][\w-]*", key, re.I) else f'"{key}"'
    lines = [f"{key_at}{quoted}:", f"{part_at}name: {_quoted(name)}", f"{part_at}columns:"]
    for url, comment in columns:
        address = url if _PLAIN.fullmatch(url) else _quoted(url)
        said = "".join(letter if letter.isprintable() else " " for letter in comment).strip()
        lines.append(f"{dash_at}- {address}" + (f"  # {said}" if said else ""))
    return tuple(lines)


def _quoted(text: str) -> str:
    """Text in double quotes, so that nobody's YAML guesses at it; what cannot be printed is escaped."""
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in json.dumps(text, ensure_ascii=False))


def _insertion(lines: list[str], at: int, entry: tuple[str, ...], *, gap: bool) -> Insertion:
    """The entry put in before line ``at`` (from 0), with the file's own ends of lines."""
    before = "".join(lines[:at])
    newline = "\r\n" if before.count("\r\n") * 2 > before.count("\n") else "\n"
    unended = bool(before) and not before.endswith(("\n", "\r"))
    blank = gap and bool(before) and lines[at - 1].strip() != ""
    text = (newline if unended else "") + (newline if blank else "") + "".join(line + newline for line in entry)
    return Insertion(len(before), text, at + 1 + blank, entry)


def _style_of(sites: yaml.MappingNode, lines: list[str]) -> _Style:
    """How the sites that are there are set out, the last of them first; what none of them shows is two columns."""
    key = sites.value[0][0].start_mark.column
    part = dash = None
    for _, entry in reversed(sites.value):
        if not isinstance(entry, yaml.MappingNode) or entry.flow_style or not entry.value:
            continue
        column = entry.value[0][0].start_mark.column
        part = column - key if part is None and column > key else part
        for name, value in entry.value:
            listed = name.value == "columns" and isinstance(value, yaml.SequenceNode) and not value.flow_style
            if dash is None and listed and value.start_mark.line > name.start_mark.line:
                dash = value.start_mark.column - name.start_mark.column
    starts = [name.start_mark.line for name, _ in sites.value[1:]]
    gap = any(_blank_above(lines, start) for start in starts)
    return _Style(key, part or 2, 2 if dash is None or dash < 0 else dash, gap)


def _blank_above(lines: list[str], line: int) -> bool:
    """Whether a blank line parts an entry, with the comments over it, from the one before."""
    while line > 0 and lines[line - 1].lstrip().startswith("#"):
        line -= 1
    return line > 0 and not lines[line - 1].strip()


def _ends(text: str, sites: yaml.MappingNode, lines: list[str]) -> int:
    """The line after the last one that says something of the sites."""
    begin, end = sites.start_mark, sites.end_mark
    last = begin.line
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        mark = token.end_mark
        if (token.start_mark.line, token.start_mark.column) < (begin.line, begin.column):
            continue
        if isinstance(token, yaml.BlockEndToken | yaml.StreamEndToken | yaml.DocumentEndToken):
            continue
        if (token.start_mark.line, token.start_mark.column) >= (end.line, end.column):
            break
        # A block of text ends where the next thing begins; what it says ends in the last line that is not blank.
        said = lines[mark.line][: mark.column].strip() if mark.line < len(lines) else ""
        last = max(last, mark.line if said else mark.line - 1)
    while last > begin.line and not lines[last].strip():
        last -= 1
    return last + 1


def _past_comments(lines: list[str], at: int, indent: int) -> int:
    """Past the comments that follow the last entry without a gap, indented as its lines are: they are about it."""
    while at < len(lines) and re.match(rf" {{{indent},}}#", lines[at]):
        at += 1
    return at
