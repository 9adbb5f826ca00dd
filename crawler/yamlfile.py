"""YAML that remembers its lines, read without YAML's guesses.

Every scalar stays text (YAML would read ``no`` as false, ``12:30`` as 750 and ``0571`` as 377); the model that the data
is checked against turns text into numbers. Doubled keys are refused: YAML would keep the last without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from crawler.faults import Fault, Wording, fault

Place = tuple[str | int, ...]


class ConfigError(Fault):
    """An unusable configuration; its text is ``file:line: what is wrong, and what is allowed``."""


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A mapping read from a file, and the text it was read from."""

    path: Path
    data: dict[str, object]
    text: str = ""

    def line(self, place: Place) -> int:
        """The line (from 1) of a part, or of the nearest part around it."""
        # Looked for in the text: faults are few, and the lines of 5,000 sites weigh as much as what they say.
        root = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        return 1 if root is None or not place else _line(root, place, root.start_mark.line + 1)

    def error(self, place: Place, what: str | Wording) -> ConfigError:
        """A fault at a place, told with file, line and the place's name."""
        name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
        return ConfigError(what, f"{self.path}:{self.line(place)}: {name + ': ' if name else ''}")


def read_yaml(path: Path) -> YamlFile:
    """Read a file whose top is a mapping. Raises ConfigError."""
    return parse_yaml(path, read_text(path))


def read_text(path: Path) -> str:
    """What a file says. Raises ConfigError."""
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(fault("no-file"), f"{path}: ") from None
    except UnicodeDecodeError as error:
        raise ConfigError(fault("not-utf8", error.start), f"{path}: ") from None
    except OSError as error:
        raise ConfigError(fault("unreadable", error.strerror), f"{path}: ") from None


def parse_yaml(path: Path, text: str) -> YamlFile:
    """The mapping that a text of a file says. Raises ConfigError."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(fault("not-yaml", error.problem), f"{path}:{line}: ") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(fault("not-yaml", str(error).splitlines()[0]), f"{path}: ") from None
    if root is None:
        return YamlFile(path, {}, text)
    if not isinstance(root, yaml.MappingNode):
        raise ConfigError(fault("no-mapping"), f"{path}:1: ")
    try:
        data = _mapping(root, path)
    except RecursionError:
        raise ConfigError(fault("too-deep"), f"{path}:1: ") from None
    return YamlFile(path, data, text)


def to_yaml(data: Mapping[str, object]) -> str:
    """A text that ``parse_yaml`` reads as this data."""
    said = yaml.dump(_empty(data), Dumper=yaml.CSafeDumper, allow_unicode=True, default_style='"', sort_keys=False)
    return str(said)


def _empty(value: object) -> object:
    """The same with empty texts for what is nothing: a quoted null would be read as a word."""
    if isinstance(value, Mapping):
        return {name: _empty(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_empty(part) for part in value]
    return "" if value is None else value


def _value(node: yaml.Node, path: Path) -> object:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, path) for item in node.value]
    # An empty value is nothing at all, and the default holds.
    return str(node.value) or None


def _mapping(node: yaml.MappingNode, path: Path) -> dict[str, object]:
    data: dict[str, object] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise ConfigError(fault("odd-key"), f"{path}:{line}: ")
        name = str(key.value)
        if name in data:
            raise ConfigError(fault("twice", name, _line(node, (name,), 1)), f"{path}:{line}: ")
        data[name] = _value(value, path)
    return data


def _line(node: yaml.Node, place: Place, line: int) -> int:
    """The line of a part of a node that begins at a line: of a mapping's part where its key stands."""
    if not place:
        return line
    step, further = place[0], place[1:]
    if isinstance(node, yaml.MappingNode):
        found = next(((key, value) for key, value in node.value if key.value == step), None)
        return line if found is None else _line(found[1], further, found[0].start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return _line(node.value[step], further, node.value[step].start_mark.line + 1)
    return line
