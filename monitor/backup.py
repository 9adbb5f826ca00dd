"""A backup of a home: a folder that is a home itself, with a copy of the archive and what belongs to it.

It is made beside its place and named when it is whole, so a folder of that name is a backup or nothing is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from crawler.agent import program_version
from crawler.faults import Fault, fault
from storage.sql.backup import POSTGRESQL, SQLITE, copy_database, refuse_inhabited, restore_database

NOTE = "backup.json"
BESIDE = ("sites.yaml", "words.txt")
"""What belongs to an archive. Digests, logs and locks are made anew."""


class NoBackup(Fault):
    """A folder is no backup, or not what was written into it."""


def make_backup(home: Path, address: str, target: Path, now: datetime) -> int:
    """Copy the home with the archive at an address into a new folder; bytes written.

    Raises NoBackup where the folder is there already, StorageError, OSError; nothing of that name is left then.
    """
    if target.exists():
        raise NoBackup(fault("backup-there"), f"{target}: ")
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    try:
        written = [copy_database(address, part), *_beside(home, part)]
        files = {path.name: {"bytes": path.stat().st_size, "sha256": _digest(path)} for path in written}
        note = {"program": program_version(), "made_at": now.isoformat(), "files": files}
        (part / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for path in (*written, part / NOTE):
            _settle(path)
        part.rename(target)
        _settle(target.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return sum(path.stat().st_size for path in target.iterdir())


def restore_backup(source: Path, home: Path, address: str) -> None:
    """Make a home of a backup. What stands there already is left as it is; an archive must not.

    Raises NoBackup where the backup is damaged, StorageError, OSError.
    """
    copies = [source / name for name in read_note(source) if name in (SQLITE, POSTGRESQL)]
    if len(copies) != 1:
        raise NoBackup(fault("backup-none"), f"{source}: ")
    refuse_inhabited(address)
    home.mkdir(parents=True, exist_ok=True)
    for name in BESIDE:
        if (source / name).exists() and not (home / name).exists():
            shutil.copy2(source / name, home / name)
    restore_database(address, copies[0])


def read_note(source: Path) -> list[str]:
    """The names of the files of a backup, all of them found to be what was written. Raises NoBackup."""
    try:
        files = json.loads((source / NOTE).read_text(encoding="utf-8"))["files"]
        for name, said in files.items():
            if Path(name).name != name or _digest(source / name) != said["sha256"]:
                raise NoBackup(fault("backup-damaged", name), f"{source}: ")
        return list(files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoBackup(fault("backup-none"), f"{source}: ") from error


def _beside(home: Path, part: Path) -> Iterator[Path]:
    for name in BESIDE:
        if (home / name).exists():
            yield Path(shutil.copy2(home / name, part / name))


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(path: Path) -> None:
    """Have a file or folder on the disk before it is relied on."""
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
