"""TLS servers whose certificates are not what they should be."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# `openssl req -x509` can't make one that has expired; `ca` takes any dates.
_AUTHORITY = """
[ca]
default_ca = one
[one]
database = index
serial = serial
new_certs_dir = .
policy = any
default_md = sha256
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
subjectAltName = {name}
"""


def self_signed(folder: Path, *, name: str = "IP:127.0.0.1", until: str = "20991231000000Z") -> ssl.SSLContext:
    """A server's context; the certificate is `folder/cert`."""
    (folder / "config").write_text(_AUTHORITY.format(name=name))
    (folder / "index").touch()
    (folder / "serial").write_text("01\n")
    for command in (
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key -out request -subj /CN=x",
        f"openssl ca -batch -notext -selfsign -config config -keyfile key -in request -out cert -startdate 20200101000000Z -enddate {until}",
    ):
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert", folder / "key")
    return context


@contextmanager
def tls(context: ssl.SSLContext, answer: bytes) -> Iterator[str]:
    """A server that greets one connection and answers it; its address with a "/"."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def greet() -> None:
        with suppress(OSError):  # the client may have had enough of the certificate
            connection, _ = listener.accept()
            with connection, context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(65536)
                secure.sendall(answer)

    thread = threading.Thread(target=greet)
    thread.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        thread.join()
        listener.close()


@contextmanager
def trusted(certificate: Path) -> Iterator[None]:
    """OpenSSL's own variable: this certificate and no other is an authority."""
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = str(certificate)
    try:
        yield
    finally:
        del os.environ["SSL_CERT_FILE"]
        if before is not None:
            os.environ["SSL_CERT_FILE"] = before
