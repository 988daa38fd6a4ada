"""The order desk of the demo's shop: a small service on loopback, as an owner's own system would be. For trying tools.

    GET  /orders/NUMBER      200 {"order": {"number", "bike", "status", "ready"}}, or 404
    POST /appointments       201 {"appointment": {"id", "day", "time"}}; 409: the hour is taken, 422: it cannot be
    GET  /appointments       200 {"appointments": [...]}

Every request needs the key. It keeps what it was told in one file, and does nothing twice for one Idempotency-Key.
"""

import hmac
import json
import os
import re
import secrets
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from agents.connections import own_service

KEY_HEADER, KEY_FILE, DATA_FILE = "X-Api-Key", "demo_service_key", "demo_service_data.json"
BODY_MOST = 16_000
APPOINTMENTS_MOST = 1_000
AN_HOUR = 2  # bikes that the workshop takes at one time
BIKES = {"47110": "green city bike", "47111": "red touring bike", "47112": "child’s trailer"}
Answer = tuple[int, dict[str, Any]]


def key(data_dir: Path) -> str:
    """What its tools show at the door; made once."""
    path = data_dir / KEY_FILE
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{KEY_FILE}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
        try:
            os.link(half, path)
        except FileExistsError:  # another process was quicker
            pass
        finally:
            half.unlink()
    return path.read_text(encoding="utf-8").strip()


class Desk:
    """What the shop knows, without any network."""

    def __init__(self, file: Path, today: date | None = None) -> None:
        self._file, self._today = file, today
        self._lock = threading.Lock()
        try:
            self._kept = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._kept = {"appointments": [], "done": {}}

    def asked(self, method: str, path: str, body: dict[str, Any], once: str) -> Answer:
        parts = path.partition("?")[0].strip("/").split("/")
        with self._lock:
            if method == "GET" and parts[0] == "orders" and len(parts) == 2:
                return self._order(parts[1])
            if parts == ["appointments"] and method == "GET":
                return 200, {"appointments": self._kept["appointments"]}
            if parts == ["appointments"] and method == "POST":
                return self._once(once, body)
        return 404, {"error": "There is no such thing here."}

    def _order(self, number: str) -> Answer:
        number = re.sub(r"\D", "", number)
        if number not in BIKES:
            return 404, {"error": "There is no such order."}
        place = list(BIKES).index(number)
        ready = (self._today or date.today()) + timedelta(days=place)
        status = ("ready", "in the workshop", "on its way to us")[place]
        return 200, {"order": {"number": number, "bike": BIKES[number], "status": status, "ready": ready.isoformat()}}

    def _once(self, once: str, body: dict[str, Any]) -> Answer:
        if once and once in self._kept["done"]:
            status, told = self._kept["done"][once]
            return status, told
        status, told = self._appointment(body)
        if once and status == 201:
            self._kept["done"][once] = [status, told]
        self._write()
        return status, told

    def _appointment(self, body: dict[str, Any]) -> Answer:
        day, time, name = (str(body.get(one, "")) for one in ("day", "time", "name"))
        try:
            is_over = date.fromisoformat(day) < (self._today or date.today())
        except ValueError:
            return 422, {"error": "The day cannot be read."}
        if is_over or not re.fullmatch(r"\d{2}:\d{2}", time) or not name:
            return 422, {"error": "It needs a day to come, a time and a name."}
        there = self._kept["appointments"]
        if len(there) >= APPOINTMENTS_MOST or sum((one["day"], one["time"]) == (day, time) for one in there) >= AN_HOUR:
            return 409, {"error": "That hour is taken."}
        made = {"id": f"W-{len(there) + 1}", "day": day, "time": time, "name": name[:60]}
        there.append(
            made | {"what": str(body.get("what_is_broken", ""))[:60], "phone": str(body.get("phone", ""))[:40]}
        )
        return 201, {"appointment": made}

    def _write(self) -> None:
        half = self._file.with_suffix(".half")
        half.write_text(json.dumps(self._kept), encoding="utf-8")
        os.replace(half, self._file)


def server(data_dir: Path, port: int = 0) -> ThreadingHTTPServer:
    """It, listening on loopback; and its place, written down for those who ask it by its name."""
    desk, own_key = Desk(data_dir / DATA_FILE), key(data_dir)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def _answer(self) -> None:
            length = self.headers.get("Content-Length", "0")
            size = int(length) if length.isdigit() else BODY_MOST + 1
            if not hmac.compare_digest(self.headers.get(KEY_HEADER, "").encode(), own_key.encode()):
                found: Answer = (401, {"error": "The key is missing or wrong."})
            elif size > BODY_MOST:
                found = (413, {"error": "That is too much."})
            else:
                found = self._asked(self.rfile.read(size))
            told = json.dumps(found[1]).encode()
            self.close_connection = True
            self.send_response(found[0])
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(told)

        def _asked(self, sent: bytes) -> Answer:
            try:
                body = json.loads(sent or b"{}")
            except (ValueError, RecursionError):
                body = None
            if not isinstance(body, dict):
                return 400, {"error": "That is no JSON object."}
            return desk.asked(self.command, self.path, body, self.headers.get("Idempotency-Key", "")[:80])

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

        def log_message(self, *_args: Any) -> None:
            """Nothing: what is asked here is somebody's order."""

    made = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    made.daemon_threads = True
    place = data_dir / own_service.FILE
    half = place.with_suffix(".half")
    half.write_text(json.dumps({"port": made.server_address[1], "pid": os.getpid()}), encoding="utf-8")
    os.replace(half, place)
    return made


def forget(data_dir: Path) -> None:
    """Nobody is there any more, unless another one has come meanwhile."""
    place = data_dir / own_service.FILE
    try:
        if json.loads(place.read_text(encoding="utf-8")).get("pid") == os.getpid():
            place.unlink()
    except (OSError, ValueError):
        pass
