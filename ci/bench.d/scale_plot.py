"""Draws what scale.py has measured: scale_plot.py POINTS.json PICTURE.png."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

LABELS = {"rules": "rules (2.4 M rows)", "rows": "rows (42 checks)"}


def main(given: str, picture: str) -> None:
    points: dict[str, list[list[float]]] = json.loads(Path(given).read_text(encoding="utf-8"))
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for panel, (kind, found) in zip(panels, points.items(), strict=True):
        _panel(panel, kind, found)
    figure.suptitle("A checked write with its bad rows in quarantine, against the plain write")
    figure.savefig(picture, dpi=120, metadata={"Software": None})


def _panel(panel: Any, kind: str, found: list[list[float]]) -> None:
    at = [point[0] for point in found]
    panel.plot(at, [point[1] for point in found], "o-", color="#1f6f78", label="CPU of tasks")
    panel.plot(at, [point[2] for point in found], "s--", color="#b5651d", label="wall time")
    panel.axhline(1, color="#888888", linewidth=0.8)
    panel.set_xscale("log")
    panel.set_xticks(at, [f"{value / 1e6:g} M" if value >= 1e6 else f"{value:g}" for value in at])
    panel.minorticks_off()
    panel.set_xlabel(LABELS[kind])
    panel.set_ylabel("times the plain write")
    panel.set_ylim(0, None)
    panel.grid(axis="y", color="#dddddd")
    panel.legend(loc="lower right")


if __name__ == "__main__":
    main(*sys.argv[1:])
