"""What the gate costs: the same rows derived and written as plain Spark and behind a suite, each in its own process."""

from __future__ import annotations

from typing import Any

from rounds import Round, in_turn, middle, ratio, say
from trips import COPIES, Trips, document, policies

#: Format of the table written, and how many percent of the rows are bad.
SETTINGS = (("iceberg", 0), ("iceberg", 1), ("iceberg", 20), ("parquet", 1))
#: How the trips are written, and behind which suite.
VARIANTS = {"plain": ("plain", "none"), "no-key": ("gate", "no_key"), "key": ("gate", "key")}
#: What else there is for Parquet: a leading partition of good and bad rows, which counts nothing.
PARTED = {**VARIANTS, "parted": ("parted", "no_key")}


def gate(rounds: int) -> list[dict[str, Any]]:
    """A validated write with its bad rows in quarantine, against the plain write: CPU, wall time, peak memory."""
    suites = {"no_key": policies(document(), key=False), "key": policies(document(), key=True)}
    trips = Trips(COPIES, suites)
    lines: list[dict[str, Any]] = []
    for form, percent in SETTINGS:
        say(f"{form}, {percent} % bad rows")

        def run(variant: str, _: int, form: str = form, percent: int = percent) -> dict[str, float]:
            return trips.write(*PARTED[variant], form, percent)

        variants = list(PARTED if form == "parquet" else VARIANTS)
        lines += _ratios(form, percent, variants[1:], in_turn(rounds, variants, run))
    return lines


def _ratios(form: str, percent: int, variants: list[str], measured: list[Round]) -> list[dict[str, Any]]:
    lines = []
    for variant in variants:
        for unit in ("task cpu", "cpu", "wall", "rss"):
            name = f"{form}, {percent} % bad, {variant}: {unit}"
            lines.append(ratio(name, measured, variant, "plain", unit))
        say(f"{form}, {percent} %, {variant}: {middle(measured, variant, 'jobs'):.0f} Spark jobs")
    return lines
