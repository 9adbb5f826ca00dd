"""YAML that remembers its lines, read without YAML's guesses.

Every scalar stays text (YAML would read ``no`` as false, ``12:30`` as 750 and ``0571`` as 377); the model that the data
is checked against turns text into numbers. Doubled keys are refused: YAML would keep the last without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from crawler.faults import Fault, Wording, fault

Place = tuple[str | int, ...]


class ConfigError(Fault):
    """An unusable configuration; its text is ``file:line: what is wrong, and what is allowed``."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A mapping read from a file, and the line (from 1) at which each of its parts begins."""

    path: Path
    data: dict[str, object]
    lines: dict[Place, int]
    text: str = ""

    def line(self, place: Place) -> int:
        """The line of a part, or of the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def error(self, place: Place, what: str | Wording) -> ConfigError:
        """A fault at a place, told with file, line and the place's name."""
        name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
        return ConfigError(what, f"{self.path}:{self.line(place)}: {name + ': ' if name else ''}")


def read_yaml(path: Path) -> YamlFile:
    """Read a file whose top is a mapping. Raises ConfigError."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(fault("no-file"), f"{path}: ") from None
    except UnicodeDecodeError as error:
        raise ConfigError(fault("not-utf8", error.start), f"{path}: ") from None
    except OSError as error:
        raise ConfigError(fault("unreadable", error.strerror), f"{path}: ") from None
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(fault("not-yaml", error.problem), f"{path}:{line}: ") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(fault("not-yaml", str(error).splitlines()[0]), f"{path}: ") from None
    lines: dict[Place, int] = {}
    if root is None:
        return YamlFile(path, {}, lines, text)
    if not isinstance(root, yaml.MappingNode):
        raise ConfigError(fault("no-mapping"), f"{path}:1: ")
    try:
        data = _mapping(root, (), lines, path)
    except RecursionError:
        raise ConfigError(fault("too-deep"), f"{path}:1: ") from None
    return YamlFile(path, data, lines, text)


def _value(node: yaml.Node, place: Place, lines: dict[Place, int], path: Path) -> object:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, lines, path)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*place, number), lines, path) for number, item in enumerate(node.value)]
    # An empty value is nothing at all, and the default holds.
    return str(node.value) or None


def _mapping(node: yaml.MappingNode, place: Place, lines: dict[Place, int], path: Path) -> dict[str, object]:
    data: dict[str, object] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ConfigError(fault("odd-key"), f"{path}:{line}: ")
        name = str(key.value)
        if name in data:
            first = lines[(*place, name)]
            raise ConfigError(fault("twice", name, first), f"{path}:{line}: ")
        lines[(*place, name)] = line
        data[name] = _value(value, (*place, name), lines, path)
    return data
