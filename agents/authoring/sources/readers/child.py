"""The process that reads what others wrote: one line of JSON asks for a file to be read, one answers.

It may not write files, use more memory or processor time than it was given, or live on when whoever asks is gone.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from agents.authoring.sources.readers import plain, tables, web, word
from agents.authoring.sources.readers.base import Read, Unreadable, checked

MEMORY_BYTES = 1024 * 1024 * 1024
FILE_MOST = 20 * 1024 * 1024


def main() -> None:
    _limit()
    for line in sys.stdin.buffer:
        answer = _answer(json.loads(line))
        sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()


def _limit() -> None:
    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_NOFILE: 64}
    if sys.platform == "linux":  # elsewhere the address space is shared with much that is not ours
        limits[resource.RLIMIT_AS] = MEMORY_BYTES
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    try:
        read = _read(asked)
    except Unreadable as problem:
        return {"reason": problem.reason}
    except (MemoryError, RecursionError):
        return {"reason": "too_much"}
    except Exception:  # noqa: BLE001  what it says may hold words of the file; the reader is at fault as much as the file
        return {"reason": "damaged"}
    return {
        "pages": [{"title": page.title, "number": page.number, "passages": page.passages} for page in read.pages],
        "links": read.links,
        "maps": read.maps,
        "note": read.note,
        "count": read.count,
    }


def _read(asked: dict[str, Any]) -> Read:
    path, kind, name = Path(asked["path"]), asked["kind"], asked["name"]
    if path.stat().st_size > FILE_MOST:
        raise Unreadable("too_large")
    content = path.read_bytes()
    if not content.strip():
        raise Unreadable("empty")
    if kind == "map":
        return web.read_map(content, asked["address"])
    if kind == "html":
        read = web.read(content, name, asked["address"], asked["charset"])
        links = read.links
        try:
            return checked(read)
        except Unreadable as problem:
            if problem.reason != "empty" or not links:
                raise
            return Read([], links)  # a page of links only leads on
    if kind == "pdf":
        from agents.authoring.sources.readers import pdf

        return checked(pdf.read(content, name))
    reader = {"docx": word.read, "csv": tables.read, "text": plain.read}[kind]
    return checked(reader(content, name))


if __name__ == "__main__":
    main()
