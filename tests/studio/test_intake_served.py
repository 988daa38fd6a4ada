"""The same with a real gateway and real sockets: what strangers send costs neither its memory nor its disk."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as here

pytestmark = [pytest.mark.long, pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="reads /proc")]

MB = 1024 * 1024
HUGE = 300 * MB


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    data = tmp_path_factory.mktemp("gateway")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    env = kept | {
        "STUDIO_DATA_DIR": str(data / "data"),
        "STUDIO_PORT": str(port),
        "STUDIO_SPEECH": "scripted",
        "PYTHONUNBUFFERED": "1",
    }
    manage = [sys.executable, "manage.py"]
    for command in ("migrate", "collectstatic"):
        subprocess.run([*manage, command, "--no-input", "-v0"], cwd=here.BASE_DIR, env=env, check=True)
    log = (data / "log").open("w+")
    process = subprocess.Popen(
        [*manage, "gateway"], cwd=here.BASE_DIR, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL
    )
    while True:
        try:
            connect(port).close()
            break
        except ConnectionRefusedError:
            assert process.poll() is None, (data / "log").read_text()
            os.sched_yield()
    yield SimpleNamespace(port=port, pid=process.pid, log=data / "log")
    process.terminate()
    process.wait()
    log.close()


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def memory(gateway):
    """Resident now, and at most since this was asked last."""
    lines = Path(f"/proc/{gateway.pid}/status").read_text().splitlines()
    found = {
        name: int(value.split()[0]) * 1024
        for name, _, value in (line.partition(":") for line in lines)
        if "kB" in value
    }
    Path(f"/proc/{gateway.pid}/clear_refs").write_text("5")
    return found["VmRSS"], found["VmHWM"]


def spooled(gateway):
    """Bytes of files that have no name any more."""
    files = [Path(f"/proc/{gateway.pid}/fd", name) for name in os.listdir(f"/proc/{gateway.pid}/fd")]
    return sum(file.stat().st_size for file in files if "(deleted)" in os.readlink(file))


def answer(visitor):
    found = b""
    try:
        while part := visitor.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    return found


def head(path, *lines, method="POST"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def pour(visitor, part, most):
    """Send until it is refused; how much went out."""
    sent = 0
    try:
        while sent < most:
            visitor.sendall(part)
            sent += len(part)
    except OSError:
        pass
    return sent


def test_three_hundred_megabytes_are_refused_while_they_come(gateway):
    before, _most = memory(gateway)
    chunk = b"%x\r\n" % 60_000 + b"x" * 60_000 + b"\r\n"
    for length, part in ((f"Content-Length: {HUGE}", b"x" * 60_000), ("Transfer-Encoding: chunked", chunk)):
        for path in ("/", "/nothing", "/console/login/", "/api/v1/widget/ticket", "/console/shop/variants/"):
            with connect(gateway.port) as visitor:
                visitor.sendall(head(path, length))
                assert pour(visitor, part, HUGE) < 16 * MB  # mostly what the kernel holds for both ends
    assert memory(gateway)[1] - before < 32 * MB
    assert spooled(gateway) < MB


def test_a_refusal_can_be_read(gateway):
    with connect(gateway.port) as visitor:
        visitor.sendall(head("/call/abc", f"Content-Length: {HUGE}") + b"x" * 100_000)
        found = answer(visitor)
    assert found.startswith(b"HTTP/1.1 413 ") and b'"code": "TOO_LARGE"' in found and b"Connection: close" in found


def test_many_that_never_end_cost_little_and_keep_nobody_out(gateway):
    before, _most = memory(gateway)
    visitors = []
    for number in range(700):
        visitor = connect(gateway.port)
        visitors.append(visitor)
        started = number % 3
        visitor.sendall(
            head("/call/abc", "Content-Length: 65536") + b"x" * 60_000 if started == 2 else b"GET / HTT" * started
        )
    with connect(gateway.port) as other:
        other.sendall(head("/healthz", "Connection: close", method="GET"))
        assert answer(other).startswith(b"HTTP/1.1 200")
    assert memory(gateway)[1] - before < 96 * MB
    open_files = len(os.listdir(f"/proc/{gateway.pid}/fd"))
    assert open_files < 600
    for visitor in visitors:
        visitor.close()


def test_a_socket_message_that_is_too_large_ends_the_socket(gateway):
    before, _most = memory(gateway)
    with connect(gateway.port) as visitor:
        upgrade = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
        origin, key = f"Origin: http://localhost:{gateway.port}", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
        visitor.sendall(head("/api/v1/webrtc/signal", *upgrade, origin, key, method="GET"))
        assert visitor.recv(4096).startswith(b"HTTP/1.1 101")
        frame = bytes([0x81, 0xFF]) + (HUGE).to_bytes(8, "big") + bytes(4)  # text, masked, and this long
        visitor.sendall(frame)
        assert pour(visitor, b"x" * 60_000, HUGE) < 16 * MB
    with connect(gateway.port) as visitor:
        visitor.sendall(head("/api/v1/webrtc/signal", *upgrade, origin, key, method="GET"))
        visitor.recv(4096)
        part = b"x" * 60_000  # pieces of one message, each small enough
        first, further = (bytes([kind, 0xFE]) + len(part).to_bytes(2, "big") + bytes(4) + part for kind in (0x01, 0x00))
        visitor.sendall(first)
        assert pour(visitor, further, HUGE) < 16 * MB
    assert memory(gateway)[1] - before < 32 * MB


def test_nothing_of_this_left_a_traceback_in_the_log(gateway):
    assert "Traceback" not in gateway.log.read_text()
