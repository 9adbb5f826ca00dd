"""The pages that benches read: a folder of real ones where there is one, else the made city's."""

from __future__ import annotations

from pathlib import Path

from storage.demo import City

REAL = Path("../shared/pages")
_EVERY = 4
"""One address in so many of the city's is taken: 240 pages."""


def load_pages(folder: Path | None = None) -> tuple[str, dict[str, bytes]]:
    """Where pages come from, and the pages by name: all ``*.html`` of the folder, of ``REAL``, or made ones."""
    chosen = folder or (REAL if REAL.is_dir() else None)
    if chosen is None:
        return "the made city", made_pages()
    return str(chosen), {path.name: path.read_bytes() for path in sorted(chosen.rglob("*.html"))}


def made_pages() -> dict[str, bytes]:
    """Articles and columns of every site of the made city, from its first and its last round."""
    city = City(2026)
    found: dict[str, bytes] = {}
    for site in city.sites:
        for round_ in (1, city.rounds):
            for path in city.addresses(site.key, round_)[::_EVERY]:
                found[f"{site.key}/{round_}{path}"] = city.page(site.key, path, round_).body
    return found
