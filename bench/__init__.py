"""Benches: what a call costs and how long its people wait, each number beside a baseline of the same run."""

import os

# As in the product (studio/__init__.py), before anything reads it: else small products spin on all cores, and a passage
# seems to cost several times what it does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
