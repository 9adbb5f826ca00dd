"""A conversation with a real mail server that refuses, stalls and hangs up: what became of a message is told truly."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from mail_server import Office, Post

from monitor.config import MailSection
from monitor.deliver import smtp
from monitor.deliver.outcome import ClaimLost, Doubtful, Held, HungUp, NotSent, Refused, ServerAway
from monitor.deliver.smtp import Conversation

BODY = b"Subject: x\r\nMessage-ID: <1@x>\r\n\r\n.a line that begins with a dot\r\n..two\r\nend"


class Mark:
    """The mark that is written before the last dot."""

    def __init__(self, fault: Exception | None = None, after: threading.Event | None = None) -> None:
        self.times, self.fault, self.after = 0, fault, after

    def __call__(self) -> None:
        self.times += 1
        if self.after:
            assert self.after.wait(10)
        if self.fault:
            raise self.fault


def attempt(post: Post, to: str, mark: Mark | None = None) -> NotSent | None:
    """How sending to somebody ends."""
    with Conversation(post.settings) as talk:
        try:
            talk.send("desk@shixun.test", to, BODY, mark or Mark())
        except NotSent as fault:
            return fault
    return None


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", 0.3)


def test_a_message_arrives_as_it_was(post: Post) -> None:
    mark = Mark()
    assert attempt(post, "li@x.test", mark) is None
    assert mark.times == 1
    ((to, body),) = post.office.kept
    assert (to, body) == ("li@x.test", BODY + b"\r\n")


@pytest.mark.parametrize(
    ("to", "kind", "marked"),
    [
        ("gone@x.test", Refused, 0),
        ("stranger@x.test", ServerAway, 0),
        ("abroad@x.test", Held, 0),
        ("full@x.test", Held, 0),
        ("early@x.test", HungUp, 0),
        ("inside@x.test", HungUp, 1),
        ("spam@x.test", Refused, 1),
        ("late@x.test", Doubtful, 1),
        ("mute@x.test", Doubtful, 1),
    ],
)
def test_what_became_of_a_message(post: Post, to: str, kind: type[NotSent], marked: int) -> None:
    # Writing the mark takes a moment, in which a connection that broke inside the message is found to be broken.
    mark = Mark(after=post.office.hung_up if to.startswith("inside@") else None)
    fault = attempt(post, to, mark)
    assert type(fault) is kind
    assert mark.times == marked
    assert post.office.kept == []


def test_after_an_objection_the_same_conversation_goes_on(post: Post) -> None:
    with Conversation(post.settings) as talk:
        for to in ("gone@x.test", "li@x.test", "full@x.test", "spam@x.test", "wang@x.test"):
            try:
                talk.send("desk@shixun.test", to, BODY, Mark())
            except (Refused, Held):
                continue
    assert post.office.names() == ["li@x.test", "wang@x.test"]
    assert post.office.conversations == 1


@pytest.mark.parametrize("to", ["early@x.test", "inside@x.test", "late@x.test", "mute@x.test"])
def test_after_a_hang_up_the_next_message_has_a_conversation_of_its_own(post: Post, to: str) -> None:
    with Conversation(post.settings) as talk:
        with pytest.raises((Held, Doubtful)):
            talk.send("desk@shixun.test", to, BODY, Mark())
        talk.send("desk@shixun.test", "li@x.test", BODY, Mark())
    assert post.office.names() == ["li@x.test"]


def test_without_its_mark_a_message_is_not_sent(post: Post) -> None:
    """Another sender has taken the letter over, or the database is away: the last dot stays here."""
    for fault in (ClaimLost(), Held("ending"), RuntimeError("disk")):
        with Conversation(post.settings) as talk:
            with pytest.raises(type(fault)):
                talk.send("desk@shixun.test", "li@x.test", BODY, Mark(fault))
            assert post.office.kept == []
            talk.send("desk@shixun.test", "li@x.test", BODY, Mark())
        post.office.kept.clear()


def test_a_conversation_can_be_cut_off_while_it_waits(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "PATIENCE", 60)
    talk, ended = Conversation(post.settings), []

    def go() -> None:
        try:
            talk.send("desk@shixun.test", "mute@x.test", BODY, Mark())
        except NotSent as fault:
            ended.append(fault)

    thread = threading.Thread(target=go)
    thread.start()
    assert post.office.in_message.wait(10)
    talk.interrupt()
    thread.join(10)
    assert [type(fault) for fault in ended] == [Doubtful]


def section(**changes: object) -> MailSection:
    return MailSection.model_validate({"host": "127.0.0.1", "from": "desk@shixun.test", "timeout": "0.2s", **changes})


def test_a_server_that_is_not_there_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with Conversation(section(port=port)) as talk, pytest.raises(ServerAway, match="cannot be reached"):
        talk.send("desk@shixun.test", "li@x.test", BODY, Mark())


def test_a_server_that_says_nothing_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = section(port=silent.getsockname()[1])
        with Conversation(settings) as talk, pytest.raises(ServerAway, match=r"in time|timed out"):
            talk.send("desk@shixun.test", "li@x.test", BODY, Mark())


def test_what_should_be_private_is_never_sent_openly(post: Post) -> None:
    port = post.settings.port
    secret = section(port=port, tls="starttls", user="desk", password="geheim-geheim")
    with Conversation(secret) as talk, pytest.raises(ServerAway, match="STARTTLS") as told:
        talk.send("desk@shixun.test", "li@x.test", BODY, Mark())
    assert "geheim" not in str(told.value)
    assert post.office.kept == []


def test_a_password_that_nobody_wants_is_told_without_it(post: Post) -> None:
    secret = section(port=post.settings.port, tls="none", user="desk", password="geheim-geheim")
    with Conversation(secret) as talk, pytest.raises(ServerAway) as told:
        talk.send("desk@shixun.test", "li@x.test", BODY, Mark())
    assert "geheim" not in str(told.value)
    assert post.office.kept == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that nobody has reason to trust, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + plain)
    return file


@pytest.fixture
def private_post(certificate: Path) -> Iterator[Post]:
    """A mail server that wants STARTTLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Post(Office(), context)
    server.start()
    yield server
    server.loop.call_soon_threadsafe(server.office.silent.set)
    server.stop()


def test_mail_goes_by_tls_to_a_server_that_can_be_trusted(
    private_post: Post, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Conversation(section(port=private_post.port, timeout="5s")) as talk:
        for to in ("li@x.test", "gone@x.test", "wang@x.test"):
            with contextlib.suppress(Refused):
                talk.send("desk@shixun.test", to, BODY, Mark())
        with pytest.raises(Doubtful):
            talk.send("desk@shixun.test", "late@x.test", BODY, Mark())
    assert private_post.office.names() == ["li@x.test", "wang@x.test"]


def test_mail_does_not_go_to_a_server_that_cannot(private_post: Post) -> None:
    settings = section(port=private_post.port, timeout="5s", user="desk", password="geheim-geheim")
    with Conversation(settings) as talk, pytest.raises(ServerAway, match="certificate is not to be trusted"):
        talk.send("desk@shixun.test", "li@x.test", BODY, Mark())
    assert private_post.office.kept == []
