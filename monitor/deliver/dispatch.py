"""Sending what stands in the outbox: lanes beside one another, letter after letter in each.

A lane is a thread that lives while its lane has letters that are due. A letter is claimed, made, marked right before
it is handed over, sent, and written down as sent. Whatever ends the process in between, the outbox knows how far it
came; see ``storage.outbox``.
"""

from __future__ import annotations

import logging
import os
import random
import re
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.config import Settings, SubscriberSection
from monitor.deliver import brief, files
from monitor.deliver.addresses import Address, Kind
from monitor.deliver.message import as_mail
from monitor.deliver.outcome import ClaimLost, Held, NotSent, ServerAway, Unaddressed
from monitor.deliver.patience import DOUBT_PAUSE, MOST_DOUBTS, verdict
from monitor.deliver.smtp import Conversation
from monitor.deliver.telling import Telling
from monitor.tell import cut, printable
from storage.archive import Archive
from storage.errors import StorageError
from storage.outbox import Letter, LetterState, Verdict

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a claim holds unless it is renewed; so long a letter waits for nobody after a crash."""

RENEWED_EVERY = 20.0
"""Seconds between two renewals, while a lane works on a letter."""

CUT_OFF = "the sender was cut off while handing it over"
NOTED_TRIES, NOTED_PAUSE = 5, 1.0
"""How often, and after how many seconds, it is tried to write down that a letter arrived: until then it may be sent
again."""

STOPS_WITHIN = 3.0
"""Seconds for letters on their way when a service ends; then conversations are cut off."""


@dataclass(slots=True)
class _Lane:
    thread: threading.Thread
    conversation: Conversation | None


class Dispatcher:
    """The sender of one process. ``settings`` is asked for each letter, so that a mended address is used at once."""

    def __init__(
        self,
        archive: Archive,
        home: Path,
        settings: Callable[[], Settings],
        clock: Callable[[], datetime],
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._archive, self._home, self._settings, self._clock, self._chance = archive, home, settings, clock, chance
        self._worker = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(8)}"
        self._telling = Telling(archive, home)
        self._lanes: dict[str, _Lane] = {}
        self._stopping = threading.Event()
        self._renewed_at = time.monotonic()

    def tick(self) -> None:
        """Begin to send what is due in lanes that are free; returns at once. Raises StorageError."""
        now = self._clock()
        doubts = self._archive.outbox.doubt(now, now + DOUBT_PAUSE, MOST_DOUBTS, CUT_OFF)
        if doubts:
            log.warning("%d letters were cut off while they were handed over; they may have arrived", doubts)
        self._renew()
        self._clear()
        if self._stopping.is_set():
            return
        for lane in self._archive.outbox.lanes(now):
            if lane not in self._lanes:
                self._begin(lane)

    def drain(self, until: Callable[[], bool] = lambda: False) -> None:
        """Send all that is due now, and wait for it; ``until`` is asked now and then whether to stop waiting."""
        self.tick()
        while self._lanes and not until():
            for lane in list(self._lanes.values()):
                lane.thread.join(0.05)
            self._renew()
            self._clear()

    def stop(self) -> None:
        """End: no new letters, a moment for those on their way; then their conversations are cut off."""
        self._stopping.set()
        deadline = time.monotonic() + STOPS_WITHIN
        for lane in list(self._lanes.values()):
            lane.thread.join(max(0.0, deadline - time.monotonic()))
        for lane in list(self._lanes.values()):
            if lane.thread.is_alive() and lane.conversation is not None:
                lane.conversation.interrupt()
        for lane in list(self._lanes.values()):
            lane.thread.join(1.0)

    def _begin(self, name: str) -> None:
        mail = self._settings().mail
        conversation = Conversation(mail) if name.startswith("mail:") and mail else None
        # A daemon: a hook that never answers must not keep a process from ending.
        thread = threading.Thread(target=self._run, args=(name, conversation), name=f"deliver {name}", daemon=True)
        self._lanes[name] = _Lane(thread, conversation)
        thread.start()

    def _renew(self) -> None:
        if self._lanes and time.monotonic() - self._renewed_at >= RENEWED_EVERY:
            self._archive.outbox.renew(self._worker, self._clock() + LEASE)
            self._renewed_at = time.monotonic()

    def _clear(self) -> None:
        self._lanes = {name: lane for name, lane in self._lanes.items() if lane.thread.is_alive()}
        if not self._lanes:
            self._telling.forget()

    def _run(self, lane: str, conversation: Conversation | None) -> None:
        """Send the letters of a lane until none is due, or its server is away."""
        try:
            while not self._stopping.is_set():
                now = self._clock()
                letter = self._archive.outbox.claim(self._worker, lane, now, now + LEASE)
                if letter is None or not self._deliver(letter, conversation):
                    return
        except StorageError as error:
            log.error("delivery: %s", error)
        finally:
            if conversation is not None:
                conversation.close()

    def _deliver(self, letter: Letter, conversation: Conversation | None) -> bool:
        """One attempt at one letter; false where the lane had better rest."""
        settings = self._settings()
        reader, address = _find(settings, letter)
        if reader is None or address is None:
            self._failed(letter, Unaddressed("its address stands in sites.yaml no more"))
            return True
        try:
            self._send(letter, reader, address, settings, conversation)
        except ClaimLost:
            log.warning("%s to %s: another sender has it", letter.item, letter.label)
            return True
        except NotSent as fault:
            self._failed(letter, type(fault)(_bare(str(fault), address)))
            return not isinstance(fault, ServerAway)
        except StorageError:
            raise
        except Exception as error:
            # One letter that cannot be made must not keep the others back.
            self._failed(letter, Held(f"could not be made: {type(error).__name__}: {_bare(str(error), address)}"))
            return True
        self._sent(letter)
        return True

    def _send(
        self,
        letter: Letter,
        reader: SubscriberSection,
        address: Address,
        settings: Settings,
        conversation: Conversation | None,
    ) -> None:
        now = self._clock()
        if address.kind is Kind.HOOK:
            self._send_to_chat(letter, reader, address, settings)
            return
        if address.kind is Kind.FILE:
            out, lang = self._home / "out", reader.lang or settings.digest.lang
            if "alarms" in letter.details:
                files.lay_alert(out, address, self._telling.message(letter, reader, settings, now), letter)
            else:
                digest = self._telling.digest(letter, reader, now)
                files.lay_digest(out, address, digest, lang, settings.web.address)
            return
        mail = settings.mail
        if mail is None or conversation is None:
            raise Held("there is no `mail:` section")
        told = self._telling.message(letter, reader, settings, now)
        message = as_mail(told, letter, mail.sender, address.target)
        conversation.send(mail.address, address.target, message, lambda: self._hand_over(letter))

    def _send_to_chat(self, letter: Letter, reader: SubscriberSection, address: Address, settings: Settings) -> None:
        # Loaded only where somebody has a hook.
        from monitor.deliver import hooks

        told = self._telling.for_chat(letter, reader, settings, self._clock())
        lang = reader.lang or settings.digest.lang
        title = brief.cut_bytes(told.title, hooks.LONGEST_TITLE)
        room = hooks.room(address) - len(title.encode()) - 2
        hooks.send(address, title, brief.fit(told.lines, room, lang, told.last), lambda: self._hand_over(letter))

    def _hand_over(self, letter: Letter) -> None:
        if self._stopping.is_set():
            raise Held("the sender is ending")
        if not self._archive.outbox.hand_over(letter.id, self._worker, self._clock() + LEASE):
            raise ClaimLost

    def _failed(self, letter: Letter, fault: NotSent) -> None:
        judged = verdict(letter, fault, self._clock(), self._chance())
        if self._stopping.is_set() and isinstance(fault, Held):
            # It was us who hung up: no attempt to count, and due at once for whoever comes next.
            judged = Verdict(LetterState.WAITING, self._clock(), str(fault), attempted=False)
        self._archive.outbox.failed(letter.id, self._worker, judged)
        level = logging.WARNING if judged.state is LetterState.WAITING else logging.ERROR
        log.log(level, "%s to %s (%s): %s; %s", letter.item, letter.subscriber, letter.label, fault, judged.state.value)

    def _sent(self, letter: Letter) -> None:
        """Write down that it arrived, stubbornly."""
        for left in reversed(range(NOTED_TRIES)):
            try:
                self._archive.outbox.sent(letter.id, self._clock())
                break
            except StorageError:
                if not left:
                    raise
                self._stopping.wait(NOTED_PAUSE)
        log.info("%s sent to %s (%s)", letter.item, letter.subscriber, letter.label)


def _find(settings: Settings, letter: Letter) -> tuple[SubscriberSection | None, Address | None]:
    """The reader and address that a letter is meant for, if ``sites.yaml`` still has them."""
    reader = settings.subscribers.get(letter.subscriber)
    known = reader.to if reader else ()
    return reader, next((address for address in known if address.channel == letter.channel), None)


def _bare(text: str, address: Address) -> str:
    """An error's words on one line, without the address: servers like to repeat it."""
    for secret in address.secrets:
        text = re.sub(re.escape(secret), "…", text, flags=re.IGNORECASE)
    return cut(printable(text), 200)
