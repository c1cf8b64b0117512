"""TLS as companies have it: a private authority the system trusts, another it does not, a proxy."""

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest

from close_notes_gui.closeapi import tls
from close_notes_gui.closeapi.client import CloseClient
from close_notes_gui.closeapi.errors import Gone, Offline, TlsFailed
from close_notes_gui.model.ids import NoteId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.present.wording import words_for

x509 = pytest.importorskip("cryptography.x509", reason="comes with the keyring on Linux alone")
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(
        __import__("sys").platform != "linux",
        reason="only OpenSSL's trust store can be named by SSL_CERT_FILE",
    ),
]
HOST = "api.close.test"
KEY = ApiKey("api_test.0123456789")


def authority(folder: Path, name: str) -> tuple[Path, Path]:
    """A private authority's certificate, and a file with a server's certificate and key."""
    now = datetime.now(UTC)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{name} authority")])

    def signed(subject, public_key, *extensions):
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name)
        builder = builder.public_key(public_key).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1))
        builder = builder.not_valid_after(now + timedelta(days=1))
        for extension in extensions:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    names = [x509.DNSName(HOST), x509.IPAddress(ip_address("127.0.0.1"))]
    own = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    ca, server = folder / f"{name}-ca.pem", folder / f"{name}-server.pem"
    ca.write_bytes(
        signed(ca_name, ca_key.public_key(), x509.BasicConstraints(ca=True, path_length=None))
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    alternatives = x509.SubjectAlternativeName(names)
    server.write_bytes(secret + signed(own, key.public_key(), alternatives))
    return ca, server


class NothingHere(BaseHTTPRequestHandler):
    """Answers every question with Close's 404, which the client knows as Gone."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass


@dataclass
class Proxy(threading.Thread):
    """Takes one CONNECT and carries bytes to a fixed port, whatever host is named."""

    port_behind: int
    asked: list[str] = field(default_factory=list)
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        client, _ = self.listener.accept()
        with client, socket.create_connection(("127.0.0.1", self.port_behind)) as behind:
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            self.asked.append(head.decode())
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=carry, args=(behind, client))
            back.start()
            carry(client, behind)
            back.join()


def carry(source: socket.socket, sink: socket.socket) -> None:
    """Bytes one way until the end of either."""
    try:
        while part := source.recv(65536):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    folder = tmp_path_factory.mktemp("authorities")
    return {name: authority(folder, name) for name in ("company", "stranger")}


@pytest.fixture
def server(authorities) -> Iterator[int]:
    """The port of an HTTPS server that the company's authority vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authorities["company"][1])
    with ThreadingHTTPServer(("127.0.0.1", 0), NothingHere) as listening:
        listening.socket = context.wrap_socket(listening.socket, server_side=True)
        listening.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is what a test wants
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        yield listening.server_port
        listening.shutdown()
        thread.join()


@pytest.fixture
def system_trusts(authorities, monkeypatch: pytest.MonkeyPatch):
    """Make one authority the only one that the system trusts."""

    def choose(name: str) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(authorities[name][0]))
        monkeypatch.setenv("SSL_CERT_DIR", str(authorities[name][0].parent / "none"))
        monkeypatch.setattr(tls, "_built", [])
        for proxy in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY"):
            monkeypatch.delenv(proxy, raising=False)

    return choose


async def test_an_authority_that_the_system_trusts_is_trusted(server: int, system_trusts) -> None:
    system_trusts("company")
    async with CloseClient(KEY, base_url=f"https://127.0.0.1:{server}/api/v1") as client:
        with pytest.raises(Gone):  # the server was heard
            await client.note(NoteId("acti_1"))


async def test_another_authority_is_refused_with_the_reason(server: int, system_trusts) -> None:
    system_trusts("stranger")
    async with CloseClient(KEY, base_url=f"https://127.0.0.1:{server}/api/v1") as client:
        with pytest.raises(TlsFailed) as refused:
            await client.note(NoteId("acti_1"))
    assert "certificate" in str(refused.value).lower()
    words = words_for(Problem(ProblemKind.TLS_FAILED, detail=str(refused.value)))
    assert "not secure" in words.what
    assert KEY.reveal() not in f"{refused.value!r}{words}"


async def test_the_proxy_of_the_environment_is_used(
    server: int, system_trusts, monkeypatch: pytest.MonkeyPatch
) -> None:
    system_trusts("company")
    proxy = Proxy(server)
    proxy.start()
    monkeypatch.setenv("HTTPS_PROXY", proxy.address)
    async with CloseClient(KEY, base_url=f"https://{HOST}/api/v1") as client:
        with pytest.raises(Gone):
            await client.note(NoteId("acti_1"))
    proxy.join(5)
    proxy.listener.close()
    [asked] = proxy.asked
    assert asked.startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n")
    assert "authorization" not in asked.lower()  # the key is for Close, inside the tunnel


async def test_a_proxy_that_is_not_there_is_offline(
    system_trusts, monkeypatch: pytest.MonkeyPatch
) -> None:
    system_trusts("company")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    async with CloseClient(KEY, base_url=f"https://{HOST}/api/v1") as client:
        with pytest.raises(Offline):
            await client.note(NoteId("acti_1"))
