"""How a process goes once everything worth keeping is kept: at once, whatever its threads are still at.

The interpreter would wait for each of them: an encoder in the middle of a very long text, a request to a server that
does not answer, a question of a chat that nobody reads any more. A write that is cut off there is a transaction that is
not committed; helper processes end with the pipe that they listen to.
"""

import logging
import os
import sys
from typing import NoReturn


def leave(status: int) -> NoReturn:
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)
