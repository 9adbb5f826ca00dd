"""Archives of ever more sites alike, for ``bench.scale``: two hundred pages a site, each read once or twice.

``bench.bigarchive`` writes them, of short articles. The busy day has 2,000 changes at every size, so that its digest is
the same work each time. The index of the search is made whole; what a story is found by is ``bench.lookups``' matter.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from bench.bigarchive import COLUMNS, Size, column_url, site_key, write
from bench.bulk import filling, settle_down
from storage.sql import open_archive

SCHEMA = "0003"
PAGES_A_SITE = 200
LENGTHS = ("brief",)
TOGETHER = 1000
"""Versions that are put into the index of the search in one transaction."""


def size_of(pages: int) -> Size:
    """How an archive of so many pages is made up."""
    return Size(
        pages=pages,
        versions=pages * 21 // 20,
        changes=pages * 23 // 20,
        observations=2 * pages,
        days=60,
        sites=max(pages // PAGES_A_SITE, 10),
    )


def make(folder: Path, pages: int, database: str | None = None) -> str:
    """Make the archive of a size in a folder, unless it is there; its address. Minutes for a million pages.

    ``database`` is the address of an empty database; without one it is a SQLite file in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    note, size = folder / "scale.json", size_of(pages)
    address = database or f"sqlite:///{folder.resolve() / 'shixun.db'}"
    made = {"database": address, **asdict(size)}
    if note.exists() and json.loads(note.read_text()) == made:
        return address
    begun = perf_counter()
    with filling(address, SCHEMA) as filler:
        write(filler, size, LENGTHS)
    filled = perf_counter()
    archive = open_archive(address)
    migrated = perf_counter()
    while archive.searching.fill(TOGETHER):
        pass
    archive.close()
    settle_down(address)
    (folder / "sites.yaml").write_text(catalogue(size.sites, address), "utf-8")
    note.write_text(json.dumps(made))
    parts = filled - begun, migrated - filled, perf_counter() - migrated
    sys.stderr.write(
        "{:,} pages: filled in {:.0f} s, migrated in {:.0f} s, indexed in {:.0f} s\n".format(pages, *parts)
    )
    return address


def catalogue(sites: int, address: str) -> str:
    """``sites.yaml`` for an archive of so many sites."""
    # No digest is owed at the hour of the bench: it would be written beside what is timed.
    lines = [f"database: {json.dumps(address)}", 'digest: {at: "23:59"}', "sites:"]
    for site in range(sites):
        lines += [f"  {site_key(site)}:", f"    name: 栖川市第{site + 1}站", "    columns:"]
        lines += [f"      - {column_url(site, column)}" for column in range(COLUMNS)]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Make the archives that are named by their sizes."""
    folder = Path(sys.argv[1])
    for pages in map(int, sys.argv[2:]):
        make(folder / str(pages), pages)
    return 0


if __name__ == "__main__":
    sys.exit(main())
