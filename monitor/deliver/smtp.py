"""One conversation with a mail server: a message to one address at a time, and the truth of what became of it.

The point of no return is the dot that ends a message. Up to it nothing has arrived, whatever breaks. Right before it
the letter is marked as being handed over; if that mark cannot be written the dot is never sent. After it only the
server's answer tells, and where none comes nobody knows: that is ``Doubtful``, and rare, since RFC 5321's ten minutes
are waited for it.
"""

from __future__ import annotations

import contextlib
import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from types import TracebackType

from monitor.config import MailSection
from monitor.deliver.outcome import Doubtful, Held, HungUp, NotSent, Refused, ServerAway
from monitor.tell import cut, printable

PATIENCE = 20.0
"""How many times as long as for other steps the answer to a whole message is waited for: by default 600 s."""

_UNKNOWN_TO_IT = frozenset({530, 535, 538})
"""Answers that ask for user and password, or for TLS, first."""

_NO_RELAY = re.compile(r"\brelay", re.IGNORECASE)
_DOT_FIRST = re.compile(rb"(?m)^\.")
_SAID = 160


class _Answered(Exception):
    """The server has answered to a whole message, and not with yes."""

    def __init__(self, fault: NotSent) -> None:
        super().__init__(str(fault))
        self.fault = fault


class Conversation:
    """A connection that is opened when it is first needed, and kept for the next message while all goes well."""

    def __init__(self, settings: MailSection) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Conversation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, sender: str, to: str, message: bytes, handing_over: Callable[[], None]) -> None:
        """Send one message (whole, with CRLF) to one address. ``handing_over`` is called right before the last dot.

        Raises Refused, Held, ServerAway or Doubtful, and whatever ``handing_over`` raises; then nothing was sent.
        """
        server = self._ready()
        try:
            self._envelope(server, sender, to)
        except HungUp:
            self._hang_up()
            raise
        except NotSent:
            self._reset()
            raise
        try:
            self._body(server, message)
            handing_over()
            self._end(server)
        except _Answered as answer:
            self._reset()
            raise answer.fault from None
        except BaseException:
            # Nobody has answered: what was begun ends here, and a message without its dot is thrown away.
            self._hang_up()
            raise

    def close(self) -> None:
        """Take one's leave."""
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._hang_up()
            self._server = None

    def interrupt(self) -> None:
        """Cut the conversation off, from another thread: whatever it waits for, it waits no more."""
        server = self._server
        if server is not None and server.sock is not None:
            with contextlib.suppress(OSError):
                server.sock.shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        self.interrupt()
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _ready(self) -> smtplib.SMTP:
        """A server that listens to us, the one at hand or a new one. Raises ServerAway."""
        if self._server is not None:
            try:
                if self._server.noop()[0] == 250:
                    return self._server
            except (smtplib.SMTPException, OSError):
                pass
            self._hang_up()
        try:
            self._server = self._open()
        except smtplib.SMTPAuthenticationError as error:
            raise ServerAway(f"the mail server did not accept user and password ({error.smtp_code})") from None
        except smtplib.SMTPNotSupportedError as error:
            raise ServerAway(f"the mail server cannot do what `mail:` asks for: {_line(str(error))}") from None
        except smtplib.SMTPResponseException as error:
            raise ServerAway(f"the mail server said {_said(error.smtp_code, error.smtp_error)}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(f"the mail server cannot be reached: {_why(error)}") from None
        return self._server

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        seconds = settings.timeout.total_seconds()
        # The name of this machine is nobody's business; that of the sender is in the message anyway.
        name = settings.domain
        if settings.tls == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.door, name, timeout=seconds, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(settings.host, settings.door, name, timeout=seconds)
        try:
            server.ehlo_or_helo_if_needed()
            if settings.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if settings.user and settings.secret:
                server.login(settings.user, settings.secret)
        except BaseException:
            server.close()
            raise
        return server

    def _envelope(self, server: smtplib.SMTP, sender: str, to: str) -> None:
        try:
            # To the sender a server objects for all messages alike; to a recipient, for this one.
            code, said = server.mail(sender)
            if code != 250:
                raise ServerAway(f"the mail server does not take mail from our address: {_said(code, said)}")
            code, said = server.rcpt(to)
            if code not in (250, 251):
                raise _objection(code, said)
            code, said = server.docmd("DATA")
            if code != 354:
                raise _objection(code, said)
        except (smtplib.SMTPException, OSError) as error:
            raise HungUp(f"the mail server went away before the message: {_why(error)}") from None

    def _body(self, server: smtplib.SMTP, message: bytes) -> None:
        whole = message if message.endswith(b"\r\n") else message + b"\r\n"
        try:
            server.send(_DOT_FIRST.sub(b"..", whole))
        except (smtplib.SMTPException, OSError) as error:
            raise HungUp(f"the mail server went away in the message: {_why(error)}") from None

    def _end(self, server: smtplib.SMTP) -> None:
        sock = server.sock
        assert sock is not None
        if not isinstance(sock, ssl.SSLSocket) and select.select([sock], [], [], 0)[0]:
            # It speaks before the message is over, or has hung up: then the dot need not be sent, and is not.
            raise HungUp("the mail server went away in the message")
        sock.settimeout(self._settings.timeout.total_seconds() * PATIENCE)
        try:
            server.send(b".\r\n")
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            raise HungUp("the mail server went away in the message") from None
        try:
            code, said = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise Doubtful(f"the mail server took the message and said nothing: {_why(error)}") from None
        sock.settimeout(self._settings.timeout.total_seconds())
        if code != 250:
            raise _Answered(_objection(code, said))

    def _reset(self) -> None:
        try:
            if self._server is not None:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self._hang_up()


def _objection(code: int, said: bytes | str) -> NotSent:
    """What a server's answer means for one address."""
    if code == 421:
        return ServerAway(f"the mail server is closing: {_said(code, said)}")
    # Neither says anything of the address: what is wrong stands in `mail:`, and can be mended there.
    if code in _UNKNOWN_TO_IT:
        return ServerAway(f"the mail server wants to know who we are; see `mail:`: {_said(code, said)}")
    if 500 <= code < 600 and _NO_RELAY.search(_said(code, said)):
        return Held(f"the mail server passes nothing on for us; see `mail:`: {_said(code, said)}")
    if 500 <= code < 600:
        return Refused(f"refused: {_said(code, said)}")
    return Held(f"not now: {_said(code, said)}")


def _said(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{code} {_line(words)}".strip()


def _line(words: str) -> str:
    return cut(printable(words).strip(), _SAID)


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException) and error.strerror:
        return _line(error.strerror)
    return _line(str(error)) or type(error).__name__
