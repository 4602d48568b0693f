"""Draws what executors.py has measured: executors_plot.py POINTS.json PICTURE.png."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

STYLES = {"local": ("o-", "#1f6f78", "one pod"), "executors(2)": ("s--", "#b5651d", "driver and 2 executors")}


def main(given: str, picture: str) -> None:
    points: dict[str, list[list[float]]] = json.loads(Path(given).read_text(encoding="utf-8"))
    figure, panel = plt.subplots(figsize=(6, 3.8), layout="constrained")
    for name, found in points.items():
        style, color, label = STYLES[name]
        panel.plot([rows for rows, _ in found], [wall for _, wall in found], style, color=color, label=label)
    panel.set_xscale("log")
    panel.set_xlabel("rows of the larger table")
    panel.set_ylabel("seconds from JVM to receipt")
    panel.set_ylim(0, None)
    panel.grid(color="#dddddd")
    panel.legend(loc="upper left")
    figure.suptitle("A join of TPC-H that shuffles all of its rows, 1.8 cores in all")
    figure.savefig(picture, dpi=120, metadata={"Software": None})


if __name__ == "__main__":
    main(*sys.argv[1:])
