"""How the gate's cost grows with the number of rules and of rows, as figures and as a picture."""

from __future__ import annotations

from typing import Any

from rounds import ROOT, draw, in_turn, ratio, say, summary
from trips import COPIES, Trips, document, policies

RULES = (1, 10, 50, 200)
ROWS = (1, 4, 16)
NUMBERS = ("passenger_count", "trip_distance", "fare_amount", "extra", "tip_amount", "tolls_amount", "total_amount")
PICTURE = ROOT / "docs/gate-cost.png"


def scale(rounds: int) -> list[dict[str, Any]]:
    """One to two hundred rules over 2.4 million rows; the whole suite over up to sixteen times as many."""
    lines: list[dict[str, Any]] = []
    points: dict[str, list[tuple[int, float, float]]] = {"rules": [], "rows": []}
    whole = policies(document(), key=False)
    for factor in ROWS:
        suites = {"whole": whole}
        if factor == 1:
            suites |= {f"rules_{count}": _rules(count) for count in RULES}
        trips = Trips(COPIES * factor, suites)
        if factor == 1:
            compiled = trips.compiled()
            first, later = compiled["first"], compiled["later"]
            say(f"500 expectations on 250 columns: {first:.0f} ms at first, {later:.0f} ms later")
            lines.append({**summary("compile 500 on 250, seconds", [first / 1000]), "bar": 1.0})
        names = ["plain", *suites]

        def run(variant: str, _: int, trips: Trips = trips) -> dict[str, float]:
            return trips.write("plain" if variant == "plain" else "gate", variant, "iceberg", 1)

        measured = in_turn(rounds, names, run)
        for name in names[1:]:
            cpu, wall = (
                ratio(f"x{factor} rows, {name}: {unit}", measured, name, "plain", unit) for unit in ("task cpu", "wall")
            )
            lines += [cpu, wall]
            kind, at = ("rows", COPIES * factor * 120_000) if name == "whole" else ("rules", int(name[6:]))
            points[kind].append((at, cpu["ratio"], wall["ratio"]))
    draw("scale", points, PICTURE)
    return lines


def _rules(count: int) -> dict[str, Any]:
    """So many different ranges, each of one of the columns that hold numbers; a few rows fail some of them."""
    expectations = []
    for number in range(count):
        kwargs = {"column": NUMBERS[number % len(NUMBERS)], "min_value": -number, "max_value": 500 + number}
        policy = {"id": f"rule-{number}", "onFailure": "quarantine"}
        expectation = {"type": "expect_column_values_to_be_between", "kwargs": kwargs, "meta": {"sluice": policy}}
        expectations.append(expectation)
    return {"name": "rules", "expectations": expectations, "meta": {"sluice": {"limit": 1}}}
