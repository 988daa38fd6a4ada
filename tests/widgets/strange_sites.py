"""Web servers of other people, on this machine: whatever a test wants them to say, in whatever way."""

import datetime
import http.server
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = tuple[int, list[tuple[str, str]], bytes]


class Site:
    """Pages by path; `asked` is every request's path and Host header."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, self.headers["Host"]))
                status, headers, body = site.pages.get(self.path, (404, [], b""))
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass  # whoever asked had enough

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_arguments: object) -> None:
                """A visitor who leaves in the middle is no error of the site."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def put(self, path: str, body: str | bytes = b"", status: int = 200, **headers: str | list[str]) -> None:
        """Header names are written with _ for -; a list gives the header several times."""
        sent = [("Content-Type", "text/html; charset=utf-8")]
        for name, values in headers.items():
            if name == "Content_Type":
                sent.clear()
            for value in values if isinstance(values, list) else [values]:
                sent.append((name.replace("_", "-"), value))
        self.pages[path] = (status, sent, body if isinstance(body, bytes) else body.encode())

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class RawServer:
    """Does with each connection what it is told, until the other side leaves."""

    def __init__(self, speak: Callable[[socket.socket, threading.Event], None]) -> None:
        self.over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._speak = speak
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65536)
                    self._speak(connection, self.over)
                except OSError:
                    pass  # the other side left

    def stop(self) -> None:
        self.over.set()
        self._socket.close()


def certificate(folder: Path, *names: str, valid: bool = True) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context for these names, and a visitor's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    end = now + datetime.timedelta(days=1 if valid else -1)
    alternatives = [
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=2))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "site.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    visitor = ssl.create_default_context(cadata=made.public_bytes(pem).decode())
    return server, visitor
