"""A process that has drained is gone, whatever its threads are at."""

import subprocess
import sys

from studio.running import leaving

BUSY = """
import threading
from concurrent.futures import ThreadPoolExecutor
from studio.running.leaving import leave

begun = threading.Barrier(3)

def work():
    begun.wait()
    threading.Event().wait()

ThreadPoolExecutor(1).submit(work)
threading.Thread(target=work).start()
begun.wait()
print("everything is kept")
leave(3)
"""


def test_threads_that_never_end_keep_no_process_from_its_end_and_what_was_said_is_out():
    root = leaving.__file__.rpartition("/studio/")[0]
    done = subprocess.run([sys.executable, "-c", BUSY], cwd=root, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (3, "everything is kept\n")
