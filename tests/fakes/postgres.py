"""A PostgreSQL of one's own: a fresh cluster in a folder of its own, on a port of loopback, that dies on demand."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

OWNER = "postgres"  # who runs it where tests are run by root, which PostgreSQL refuses


def programs() -> Path | None:
    """Where PostgreSQL's programs are; None where it is not installed."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which("initdb") and shutil.which("pg_ctl")
    places += [Path(found).parent] if found else []
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


class Postgres:
    def __init__(self, port: int) -> None:
        place = programs()
        if place is None:
            raise RuntimeError("PostgreSQL is not installed")
        self._programs = place
        self.port = port
        self.folder = Path(tempfile.mkdtemp(prefix="pickup-postgres-"))
        self._as_owner: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, OWNER, OWNER)
            self._as_owner = ["setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups"]
        self._run("initdb", "--username=pickup", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
        self.start()
        self._run("createdb", *self._reach, "pickup", in_cluster=False)

    @property
    def url(self) -> str:
        return f"postgres://pickup@127.0.0.1:{self.port}/pickup"

    def start(self) -> None:
        """Returns when it takes connections."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self._run("pg_ctl", "start", "--wait", "-o", options, "-l", str(self.folder / "log"))

    def ensure(self) -> None:
        """Start it unless it runs."""
        if self._call("pg_ctl", "status").returncode:
            self.start()

    def stop(self) -> None:
        """From one moment to the next, as when its machine loses power."""
        self._run("pg_ctl", "stop", "--wait", "-m", "immediate")

    def hang(self) -> None:
        """Until `go_on`: connections are neither refused nor answered."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, which: int) -> None:
        server = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        asked = ["ps", "--no-headers", "-o", "pid", "--pid", str(server), "--ppid", str(server)]
        for process in subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(process), which)

    def remove(self) -> None:
        self._call("pg_ctl", "stop", "-m", "immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _reach(self) -> list[str]:
        return ["--host=127.0.0.1", f"--port={self.port}", "--username=pickup"]

    def _run(self, program: str, *arguments: str, in_cluster: bool = True) -> None:
        done = self._call(program, *arguments, in_cluster=in_cluster)
        if done.returncode:
            log = self.folder / "log"
            said = (done.stderr or b"").decode() or (log.read_text(errors="replace")[-2000:] if log.exists() else "")
            raise RuntimeError(f"{program} failed: {said}")

    def _call(self, program: str, *arguments: str, in_cluster: bool = True) -> subprocess.CompletedProcess[bytes]:
        where = ["-D", str(self.folder / "data")] if in_cluster else []
        return subprocess.run(
            [*self._as_owner, str(self._programs / program), *where, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would be held open by the server that pg_ctl leaves behind
            stderr=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            cwd="/",
            timeout=120,
        )
