"""Server-sent events, read from a body cut anywhere. Bounded: a line that never ends is refused."""

import codecs
from collections.abc import AsyncIterator

LINE_MOST = 256 * 1024  # characters of one event


class NotEvents(ValueError):
    """What came are no events."""


async def events(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """The data of each event. What is no "data" field is passed over, as the standard says. Raises NotEvents."""
    decode = codecs.getincrementaldecoder("utf-8")()
    rest, data = "", list[str]()
    async for chunk in chunks:
        try:
            rest += decode.decode(chunk)
        except UnicodeDecodeError:
            raise NotEvents("not UTF-8") from None
        held = rest.endswith("\r")  # the half of a line's end, perhaps
        lines = (rest[:-1] if held else rest).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        rest = lines.pop() + ("\r" if held else "")
        if len(rest) + sum(map(len, data)) > LINE_MOST:
            raise NotEvents("an event without an end")
        for line in lines:
            if line:
                name, _, value = line.partition(":")
                if name == "data":
                    data.append(value.removeprefix(" "))
            elif data:
                yield "\n".join(data)
                data = []
    if rest.startswith("data:"):  # some services leave out the empty line behind the last one
        data.append(rest.strip()[5:].removeprefix(" "))
    if data:
        yield "\n".join(data)
