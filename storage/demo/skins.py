"""The page templates: one file a publishing system in pages/, cut into named pieces by lines like ``%% article``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent / "pages"


@cache
def skin(name: str) -> dict[str, Template]:
    """The pieces of one template file by name. ``FileNotFoundError`` if there is no such file."""
    pieces: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (_FOLDER / f"{name}.html").read_text(encoding="utf-8").splitlines():
        if line.startswith("%% "):
            current = pieces.setdefault(line[3:], [])
        else:
            current.append(line)
    return {name: Template("\n".join(lines)) for name, lines in pieces.items()}
