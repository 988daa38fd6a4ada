"""`manage.py serve` as a user runs it: both processes, real sockets, and an end without left-overs."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from django.conf import settings as here

pytestmark = pytest.mark.long


@pytest.fixture
def served(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--demo"],
        cwd=here.BASE_DIR,
        env={
            **kept,
            "STUDIO_DATA_DIR": str(tmp_path / "data"),
            "STUDIO_PORT": str(port),
            "STUDIO_SPEECH": "scripted",
            "PYTHONUNBUFFERED": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    assert process.poll() is None, "".join(lines)
    yield process, f"http://localhost:{port}", lines, tmp_path / "data"
    if process.poll() is None:
        process.kill()
    process.stdout.close()
    process.wait()


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, response.read().decode(), dict(response.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def open_socket(url):
    """A WebSocket on the signalling path, as far as its handshake."""
    opened = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=30)
    lines = [
        "GET /api/v1/webrtc/signal HTTP/1.1",
        f"Host: {url.partition('//')[2]}",
        f"Origin: {url}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ]
    opened.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    return opened, opened.recv(4096).decode()


def test_it_serves_and_ends_as_a_whole(served):
    process, url, said, data = served

    status, body, _ = get(f"{url}/healthz")
    missing, page, _ = get(f"{url}/nothing/here?visitor=someone")
    shop, html, _ = get(f"{url.replace('localhost', '127.0.0.1')}/demo/")
    style = re.search(r'href="(/static/demo/[^"]+\.css)"', html)[1]
    _, _, headers = get(url + style)
    waiting, answer = open_socket(url)
    while not any("worker is ready" in line for line in said):  # it says that it has ended once it has begun
        said.append(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read()

    assert (status, body) == (200, '{"status": "ok"}')
    assert missing == 404 and "NOT_FOUND" in page
    assert shop == 200
    assert re.search(r"\.[0-9a-f]{12}\.css$", style)
    assert "immutable" in headers["Cache-Control"]
    waiting.close()
    assert answer.startswith("HTTP/1.1 101")
    assert process.wait(60) == 0
    assert "Traceback" not in rest
    logged = "".join(line for line in said if "Demo site:" not in line) + rest
    assert "path=/nothing/here" in logged
    assert "visitor=" not in logged and "127.0.0.1" not in rest
    assert rest.count("has ended") == 2
    password = (data / "demo_password").read_text()
    assert any(password in line for line in said)


def test_a_second_server_on_the_port_is_told_so(served):
    _, url, _, data = served

    second = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=here.BASE_DIR,
        env={"PATH": os.environ["PATH"], "STUDIO_DATA_DIR": str(data), "STUDIO_PORT": url.rpartition(":")[2]},
        capture_output=True,
        text=True,
    )

    assert second.returncode == 1
    assert "Is it running already?" in second.stderr
    assert get(f"{url}/healthz")[0] == 200
