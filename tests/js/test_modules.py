"""The tests of the browser's modules, run by Node's own runner as part of everything else."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


FAILURES = HERE / "failures.test.js"


def _run(files):
    node = shutil.which("node")
    if node is None:
        pytest.fail("Node is not installed: apt-get install nodejs")
    done = subprocess.run([node, "--test", *map(str, files)], capture_output=True, text=True, timeout=120)
    assert files
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_modules_of_loader_and_frame_do_what_their_own_tests_say():
    _run(sorted({*HERE.glob("*.test.js"), *HERE.glob("*/*.test.js")} - {FAILURES}))


@pytest.mark.long
def test_whatever_interface_of_the_browser_fails_there_is_a_screen_for_it():
    _run([FAILURES])
