"""Benches: what a call costs and how long its people wait, each number beside a baseline of the same run."""
