"""The tests of the browser's modules, run by Node's own runner as part of everything else."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_the_modules_of_loader_and_frame_do_what_their_own_tests_say():
    node = shutil.which("node")
    if node is None:
        pytest.fail("Node is not installed: apt-get install nodejs")
    files = sorted(str(path) for path in [*HERE.glob("*.test.js"), *HERE.glob("*/*.test.js")])
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, timeout=120)
    assert files
    assert done.returncode == 0, done.stdout + done.stderr
