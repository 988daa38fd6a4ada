"""The real product in processes that can be killed one by one: gateway and worker without their supervisor."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

from tests.browser.site import ROOT, Product, until

# An agent of few words: what is tried out with it is everything around it.
TERSE = """
from agents.authoring import publish, topics
from agents.models import Agent, Topic
agent = Agent.objects.get()
Topic.objects.all().delete()
Agent.objects.update(greeting="Hello.")
short = {"name": "Short", "samples": ["I spoke for seconds"], "content": "I see."}
topics.import_topics(agent.project, [short], by=None)
publish.publish(agent.project, by=None, environment="live")
"""


class House(Product):
    """Prepared as `serve --demo` does it. The gateway may be killed, and started again, at any moment."""

    def __init__(self, **settings: str) -> None:
        super().__init__(**settings)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> "House":
        self.manage("migrate", "--no-input", "--verbosity", "0")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.described = self.demo()
        self.manage("shell", "--verbosity", "0", "--command", TERSE)
        self.begin("gateway")
        self.begin("worker")
        self.until_ready()
        return self

    def ensure(self, name: str) -> None:
        """Begin it unless it runs."""
        if self._running[name].poll() is not None:
            self.begin(name)

    def begin(self, name: str) -> None:
        with self._log.open("ab") as output:
            self._running[name] = subprocess.Popen(
                [sys.executable, "manage.py", name, "--skip-checks"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def until_ready(self) -> None:
        """Return when the gateway answers, whatever its database does."""

        def answers() -> bool:
            if self._running["gateway"].poll() is not None:
                raise RuntimeError(f"The gateway ended by itself.\n{self.output()}")
            return self._ready()

        until(answers)

    def kill(self, name: str) -> None:
        """SIGKILL: it has no time for anything."""
        self._running[name].kill()
        self._running[name].wait(30)

    def stop(self) -> None:
        """The gateway drains; the worker has nothing that anybody waits for."""
        for name, process in self._running.items():
            if process.poll() is None:
                process.terminate() if name == "gateway" else process.kill()
        for process in self._running.values():
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)

    def post(self, url: str, body: dict[str, Any], address: str = "192.0.2.1") -> tuple[int, dict[str, Any]]:
        """Status and answer of a request as the card makes it."""
        headers = {"Origin": self.url, "Content-Type": "application/json", "X-Forwarded-For": address}
        request = urllib.request.Request(url, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            text = refused.read()
            return refused.code, json.loads(text) if text.startswith(b"{") else {}
