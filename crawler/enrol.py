"""Puts a new site into ``sites.yaml``: what stands there stays byte for byte, and any fault leaves it as it was."""

from __future__ import annotations

import codecs
import contextlib
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.addresses import same_page
from crawler.faults import fault
from crawler.locks import FileLock
from crawler.sites import KEY, Catalogue, load_catalogue
from crawler.yamledit import Insertion, NoPlace, new_site
from crawler.yamlfile import ConfigError

PATIENCE = 5.0
"""Seconds to wait for another `sites add` that is just writing."""
_LOOK_AGAIN = 0.02


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A site that was written: the file, the line its entry begins at, the entry's lines."""

    path: Path
    line: int
    entry: tuple[str, ...]


def check_free(catalogue: Catalogue, key: str | None, columns: Sequence[str]) -> None:
    """Raises ConfigError where a key is none or taken, or a column is watched already."""
    file = catalogue.file
    if key is not None and not KEY.fullmatch(key):
        raise ConfigError(fault("site-key"), f"--key {key!r}: ")
    if key is not None and key in catalogue.sites:
        raise file.error(("sites", key), fault("key-taken"))
    for site in catalogue.sites.values():
        for number, watched in enumerate(site.columns):
            if any(same_page(watched, column) for column in columns):
                raise file.error(("sites", site.key, "columns", number), fault("column-watched", watched))


def enrol(home: Path, key: str, name: str, columns: Sequence[tuple[str, str]]) -> Enrolled:
    """Write a site into the home's ``sites.yaml``; ``columns`` are addresses with a comment each.

    Raises ConfigError where the key or a column is taken, or the file cannot take the lines; OSError, with the file's
    name, where it cannot be written. Either way the file is what it was.
    """
    lock = _hold(home)
    try:
        catalogue = load_catalogue(home)
        check_free(catalogue, key, [url for url, _ in columns])
        # The link that a person may have put in the home stays one.
        target = catalogue.file.path.resolve()
        old = target.read_bytes()
        mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
        text = old.decode("utf-8-sig")
        try:
            insertion = new_site(text, key, name, columns)
        except NoPlace as error:
            raise _refused(catalogue, str(error)) from None
        _replace(catalogue, target, old, mark + insertion.into(text).encode(), key)
    finally:
        lock.release()
    return _enrolled(catalogue, insertion)


def _enrolled(catalogue: Catalogue, insertion: Insertion) -> Enrolled:
    return Enrolled(catalogue.file.path, insertion.line, insertion.entry)


def _hold(home: Path) -> FileLock:
    lock = FileLock(home / ".locks" / "sites")
    until = time.monotonic() + PATIENCE
    while not lock.acquire():
        if time.monotonic() > until:
            raise ConfigError(fault("file-held"), f"{home / 'sites.yaml'}: ")
        time.sleep(_LOOK_AGAIN)
    return lock


def _refused(catalogue: Catalogue, why: str) -> ConfigError:
    place = ("sites",)
    return catalogue.file.error(place, fault("no-place", why))


def _replace(catalogue: Catalogue, target: Path, old: bytes, new: bytes, key: str) -> None:
    """Put the new text in the file's place in one step, once it is on the disk and reads as it should."""
    name: str | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".sites-", suffix=".yaml", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        _check(catalogue, Path(name), key)
        status = target.stat()
        os.chmod(name, status.st_mode & 0o7777)
        with contextlib.suppress(PermissionError):
            os.chown(name, status.st_uid, status.st_gid)
        if target.read_bytes() != old:
            raise ConfigError(fault("file-changed"), f"{target}: ")
        os.replace(name, target)
        name = None
    except OSError as error:
        # A full disk is told without the file's name.
        raise OSError(error.errno, f"{error.strerror}; nothing was changed", str(target)) from error
    finally:
        if name is not None:
            Path(name).unlink(missing_ok=True)


def _check(before: Catalogue, path: Path, key: str) -> None:
    """Raises ConfigError unless a file says what the catalogue says, and the site of that key besides."""
    try:
        after = load_catalogue(before.home, path)
    except ConfigError as error:
        raise _refused(before, f"no entry fits in here ({str(error).removeprefix(f'{path}:')})") from None
    told, known = dict(after.file.data), dict(before.file.data)
    sites, others = (dict(part) if isinstance(part := each.pop("sites", None), dict) else {} for each in (told, known))
    sites.pop(key, None)
    if told != known or sites != others or key not in after.sites:
        raise _refused(before, "an entry put in here would change what the file says")
