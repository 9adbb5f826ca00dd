"""``shixun doctor``: is this installation sound, and this home."""

from __future__ import annotations

import importlib
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import typer

from crawler.agent import program_version, user_agent
from crawler.faults import Fault, fault
from crawler.locks import service_lock
from crawler.sites import Catalogue, load_catalogue
from monitor.commands.archives import archive_of
from monitor.commands.screen import FAILED, Context, context_of, out
from monitor.commands.troubles import storage_line
from monitor.config import MailSection, Settings, WebSection, load_settings
from monitor.deliver.addresses import Kind
from monitor.deliver.files import folder
from monitor.metrics.health import FREE_ENOUGH
from monitor.terms import TERMS, terms_of
from monitor.web.app import door_of
from monitor.web.door import OpenDoor
from storage.errors import StorageError

PATIENCE = 5.0
"""Seconds that a mail server has to open its door."""

LIBRARIES = (
    "scrapy",
    "trafilatura",
    "lxml_html_clean",
    "apscheduler",
    "sqlalchemy",
    "alembic",
    "jieba",
    "opencc",
    "zstandard",
    "apprise",
    "starlette",
    "uvicorn",
    "feedgen",
    "prometheus_client",
)

Finding = tuple[bool, str]
"""Whether something is sound, and what it is, in one line."""


def doctor(context: typer.Context) -> None:
    """Is this installation sound. 检查安装。"""
    failed = False
    options = context_of(context)
    for sound, what in (*_installation(options), *_home(options)):
        failed = failed or not sound
        out(f"{'✓' if sound else '✗'} {what}")
    if failed:
        raise typer.Exit(FAILED)


def _installation(options: Context) -> Iterator[Finding]:
    yield (3, 11) <= sys.version_info[:2] < (3, 14), options.says("python", sys.version.split()[0])
    yield True, f"shixun {program_version()}"
    for library in LIBRARIES:
        try:
            importlib.import_module(library)
        except ImportError as error:
            yield False, f"{library}: {error}"
    ours = Path(__file__).resolve().parents[2]
    for package in ("crawler", "monitor", "storage"):
        found = Path(str(importlib.import_module(package).__file__)).parent.parent
        if found.resolve() != ours:
            yield False, options.says("elsewhere", package, found)


def _home(options: Context) -> Iterator[Finding]:
    home = options.home
    writable = home.is_dir() and os.access(home, os.W_OK)
    if writable:
        yield True, options.says("home", home)
        free = shutil.disk_usage(home).free
        yield free > FREE_ENOUGH, options.says("free", free // 1_000_000)
    else:
        yield False, options.says("home-closed" if home.is_dir() else "home-missing", home)
    try:
        catalogue = load_catalogue(home)
        settings = load_settings(catalogue)
    except Fault as error:
        yield False, error.said(options.lang)
        return
    yield True, options.says("sites", len(catalogue.sites))
    if catalogue.needs_contact():
        yield False, options.says("doctor-contact")
    yield True, options.says("agent", user_agent(catalogue.contact))
    yield from _database(catalogue, options)
    yield from _words(home, options)
    yield from _delivery(catalogue, settings, options)
    yield from _pages(catalogue, settings.web, options)


def _database(catalogue: Catalogue, options: Context) -> Iterator[Finding]:
    try:
        with archive_of(catalogue) as archive:
            counts = archive.running.counts()
    except StorageError as error:
        yield False, storage_line(error, options.lang)
        return
    yield True, options.says("database", counts["versions"], counts["changes"], counts["pending"])


def _words(home: Path, options: Context) -> Iterator[Finding]:
    try:
        own = len(terms_of(home)) - len(TERMS)
    except Fault as error:
        yield False, error.said(options.lang)
        return
    if own:
        yield True, options.says("words", own)


def _delivery(catalogue: Catalogue, settings: Settings, options: Context) -> Iterator[Finding]:
    """The server that takes our mail, and the folders that digests are put into; nothing is sent."""
    if settings.mail is not None:
        yield _mail(settings.mail, options)
        if settings.mail.user and not settings.mail.secret:
            yield False, options.says("mail-password", settings.mail.password_env)
    for name, subscriber in settings.subscribers.items():
        for address in subscriber.to:
            place = folder(catalogue.home / "out", address)
            if address.kind is Kind.FILE and not _can_be_written(place):
                yield False, options.says("folder-closed", name, place)
    if settings.subscribers:
        yield True, options.says("subscribers", len(settings.subscribers))


def _mail(mail: MailSection, options: Context) -> Finding:
    given = (mail.host, mail.door, mail.tls)
    try:
        socket.create_connection((mail.host.strip("[]"), mail.door), PATIENCE).close()
    except OSError as error:
        return False, options.says("mail-down", *given, error.strerror or error)
    return True, options.says("mail", *given)


def _can_be_written(place: Path) -> bool:
    """Whether a folder takes files, or could be made."""
    there = next((each for each in (place, *place.parents) if each.exists()), place)
    return there.is_dir() and os.access(there, os.W_OK)


def _pages(catalogue: Catalogue, web: WebSection, options: Context) -> Iterator[Finding]:
    if not web.on:
        yield True, options.says("pages-off")
        return
    try:
        door_of(web)
    except OpenDoor:
        yield False, catalogue.file.error(("web",), fault("open-door", web.host)).said(options.lang)
        return
    lock = service_lock(catalogue.home)
    if (catalogue.home / ".locks").exists() and not lock.acquire():
        yield True, options.says("pages-running", web.host, web.port)
        return
    lock.release()
    free = _is_free(web)
    yield free, options.says("pages-at" if free else "pages-taken", web.host, web.port)


def _is_free(web: WebSection) -> bool:
    bare = web.host.strip("[]")
    with socket.socket(socket.AF_INET6 if ":" in bare else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((bare, web.port))
        except OSError:
            return False
    return True
