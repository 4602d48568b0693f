"""Bar charts as plain values, one bar a run; a template draws them as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sluice_airflow.plugin.runs import Run

#: In units of the drawing, which is scaled to the page.
WIDTH, HEIGHT = 720, 120
BARS = 60
WIDEST = 40
LEAST = 2.0


@dataclass(frozen=True)
class Part:
    """A piece of a bar."""

    kind: str  #: the class that gives it its colour
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """One run."""

    x: float
    width: float
    label: str
    address: dict[str, Any]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chart:
    """Some figures of the runs of a table, oldest first."""

    title: str
    kinds: tuple[str, ...]
    bars: tuple[Bar, ...]
    top: int  #: the figure of the highest bar
    first: Run
    last: Run
    width: int = WIDTH
    height: int = HEIGHT


def chart(title: str, runs: Iterable[Run], figures: Callable[[Run], dict[str, int] | None]) -> Chart | None:
    """Return the chart of those runs that have the figures, or None where fewer than one has.

    :param runs: newest first.
    :param figures: a run's figures by kind, which are stacked in this order.
    """
    told = [(run, found) for run in runs if (found := figures(run)) is not None][:BARS][::-1]
    if not told:
        return None
    top = max(sum(found.values()) for _, found in told)
    step = WIDTH / len(told)
    width = min(step - 2, WIDEST)
    bars = (
        Bar((n + 0.5) * step - width / 2, width, _label(run, found), run.address, _parts(found, top))
        for n, (run, found) in enumerate(told)
    )
    return Chart(title, tuple(told[0][1]), tuple(bars), top, told[0][0], told[-1][0])


def _parts(found: dict[str, int], top: int) -> tuple[Part, ...]:
    parts, below = [], float(HEIGHT)
    for kind, figure in found.items():
        if figure > 0:
            # One failure among thousands must be seen, so nothing is thinner than a line.
            height = max(figure / top * HEIGHT, LEAST)
            below = max(below - height, 0.0)
            parts.append(Part(kind, below, height))
    return tuple(parts)


def _label(run: Run, found: dict[str, int]) -> str:
    figures = ", ".join(f"{figure:,} {kind}".replace(",", "\u202f") for kind, figure in found.items())
    begin = run.interval[0][:10] if run.interval else f"{run.started:%Y-%m-%d}"
    return f"{begin}: {figures}"
