"""A message as mail: both a text and a page, the headers that tell machines what it is. Pure.

The same letter always gives the same bytes, its Message-ID and date with it: a mail system that gets it twice can tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from monitor.deliver.wording import say
from monitor.tell import Lang, printable
from storage.outbox import Letter
from storage.records import CHINA

LONGEST_TEXT = 200_000
"""Bytes of the plain part. The page beside it is kept below what mail programs show whole by whoever renders it."""

LANGUAGES = {"zh": "zh-CN", "en": "en"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter says: a subject, the whole as plain text and as a page for mail, and whether it is urgent.

    An alert is told as Markdown, too.
    """

    subject: str
    text: str
    page: str
    lang: Lang
    urgent: bool = False
    markdown: str = ""


def as_mail(told: Told, letter: Letter, sender: str, to: str) -> bytes:
    """The message to one address, with lines ended by CRLF as they go over the wire.

    Raises ValueError where its headers are not those that were put there.
    """
    name, address = parseaddr(sender)
    person, _, domain = address.rpartition("@")
    message = EmailMessage(policy=SMTP.clone(max_line_length=76))
    message["From"] = Address(_words(name), person, domain)
    message["To"] = to
    message["Subject"] = _words(told.subject)
    message["Date"] = format_datetime(letter.created_at.astimezone(CHINA))
    message["Message-ID"] = message_id(letter, domain)
    message["List-Id"] = f"<{'alerts' if told.urgent else 'digest'}.shixun.{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = LANGUAGES[told.lang]
    if told.urgent:
        message["Importance"] = "high"
    message.set_content(_within(told.text, told.lang), subtype="plain", charset="utf-8", cte="base64")
    message.add_alternative(told.page, subtype="html", charset="utf-8", cte="base64")
    message.set_boundary("=_" + _fingerprint(letter))
    written = message.as_bytes()
    if BytesHeaderParser().parsebytes(written).keys() != message.keys():
        raise ValueError("a line break got into a header")
    return written


def _words(text: str) -> str:
    """What may stand in a header. An encoded word in a title (``=?utf-8?b?…?=``) is decoded where the header is made,
    whatever line breaks it holds, and would begin headers of its own: no encoded word begins without its ``=``."""
    return printable(text).replace("=?", "＝?")


def message_id(letter: Letter, domain: str) -> str:
    """The letter's own name: the same at every attempt, and of no other letter of this installation or another."""
    return f"<{letter.item.partition(':')[0]}.{_fingerprint(letter)}@{domain}>"


def _fingerprint(letter: Letter) -> str:
    # The moment to the microsecond tells two installations apart that write to the same reader of the same day.
    whole = "\n".join((letter.subscriber, letter.channel, letter.item, _exact(letter.created_at)))
    return sha256(whole.encode()).hexdigest()[:32]


def _exact(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat()


def _within(text: str, lang: Lang) -> str:
    """The text, or as many whole lines of it as there is room for and how many were left out."""
    if len(text.encode()) <= LONGEST_TEXT:
        return text
    shown = text.encode()[:LONGEST_TEXT].decode("utf-8", "ignore").rpartition("\n")[0]
    left = text.count("\n") - shown.count("\n") - 1
    return f"{shown}\n\n{say(lang, 'cut_off', left)}\n"
