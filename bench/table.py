"""One shape for all numbers: a row says what was measured how often, what we aim for, and what it stands beside."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

HEADS = ("what", "n", "p50", "p95", "aim", "baseline", "ratio")


@dataclass(frozen=True, slots=True)
class Baseline:
    """Something measured beside it in the same run, or known beforehand."""

    name: str
    p50: float


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    values: Sequence[float]
    unit: str = "ms"
    aim: tuple[float, ...] = ()  # of the median, and of the 95th percentile where there are two
    baseline: Baseline | None = None

    @property
    def p50(self) -> float:
        return float(np.percentile(self.values, 50))

    @property
    def p95(self) -> float:
        return float(np.percentile(self.values, 95))

    def verdict(self) -> str:
        """Which aims are missed, and by how much; "" when none is."""
        found = (self.p50, self.p95)
        missed = [
            f"{name} missed by {number(value - wanted)} {self.unit}"
            for name, value, wanted in zip(("p50", "p95"), found, self.aim, strict=False)
            if value > wanted
        ]
        return ", ".join(missed)

    def cells(self) -> tuple[str, ...]:
        if not self.values:
            return (self.what, "0", *[""] * (len(HEADS) - 2))
        many = len(self.values) > 1
        aim = " / ".join(f"< {number(each)}" for each in self.aim)
        return (
            self.what,
            str(len(self.values)),
            f"{number(self.p50)} {self.unit}",
            f"{number(self.p95)} {self.unit}" if many else "",
            f"{aim} {self.unit}" if aim else "",
            f"{self.baseline.name}: {number(self.baseline.p50)}" if self.baseline else "",
            f"{self.p50 / self.baseline.p50:.2f}" if self.baseline and self.baseline.p50 else "",
        )


def number(value: float) -> str:
    """With as many decimals as mean something."""
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def show(title: str, rows: Sequence[Row]) -> None:
    """A table as Markdown, so that it can be read here and pasted there."""
    say = partial(print, flush=True)
    lines = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(HEADS))]
    printed = [
        "| " + " | ".join(cell.ljust(wide) for cell, wide in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    say(f"\n{title}\n")
    say(printed[0])
    say("| " + " | ".join("-" * wide for wide in widths) + " |")
    for line in printed[1:]:
        say(line)
    missed = [f"{row.what}: {row.verdict()}" for row in rows if row.values and row.verdict()]
    if any(row.aim and row.values for row in rows):
        say("\nAims missed: " + ("; ".join(missed) if missed else "none"))


def machine() -> str:
    """What the numbers were taken on, and how busy it was."""
    name = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    load = ", ".join(f"{each:.2f}" for each in os.getloadavg())
    return f"{os.cpu_count()} x {name}, {platform.system()}, Python {platform.python_version()}; load {load}"
