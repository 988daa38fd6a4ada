"""How a call of a tool ends where it did not work: in the codes of docs/tools.md."""

from agents.brains.tools import outcome
from agents.brains.tools.outcome import Outcome
from agents.brains.tools.plan import Tool
from agents.outside.addresses import NotFetched
from agents.outside.service_client import Refusal

SAYS_NO = frozenset({404, 409, 410, 422})  # an answer, and it is no: nothing found, taken, not possible
_NEVER_SENT = frozenset({"PRIVATE", "ADDRESS", "HTTPS_ONLY", "UNKNOWN_NAME", "CERTIFICATE"})
_CODES = {"PRIVATE": "NOT_ALLOWED", "ADDRESS": "NOT_ALLOWED", "HTTPS_ONLY": "NOT_ALLOWED", "NOT_HTTP": "GARBLED"}


def refused(tool: Tool, refusal: Refusal) -> Outcome:
    status = refusal.status
    if status in SAYS_NO:
        try:
            values, text = outcome.of_body(tool, refusal.body, "")
        except ValueError:
            values, text = {}, ""
        return Outcome("refused", values, status=status, text=text)
    if status in (401, 403):
        return Outcome("failed", code="KEY_REFUSED", status=status)
    if status == 429:
        return Outcome("failed", code="TOO_MANY", status=status)
    if 300 <= status < 400:
        return Outcome("failed", code="REDIRECT", status=status)
    if status >= 500:
        return broken(tool, "UNAVAILABLE", status)
    return Outcome("failed", code="NOT_UNDERSTOOD", status=status)


def not_fetched(tool: Tool, problem: NotFetched) -> Outcome:
    code = _CODES.get(problem.code, problem.code)
    if problem.code in _NEVER_SENT:
        return Outcome("failed", code=code)
    never_sent = problem.code == "UNREACHABLE" and "Connector" in (problem.detail or "")
    return Outcome("failed", code=code) if never_sent else broken(tool, code)


def broken(tool: Tool, code: str, status: int = 0) -> Outcome:
    """It broke after it was asked: what only reads has failed; of what changes something, nobody can tell."""
    return Outcome("failed" if tool.reads else "unknown", code=code, status=status)
