"""What a person reads: a run's summary when it is green, and one screen when it is red."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sluice_airflow._compat import AirflowFailException

if TYPE_CHECKING:
    from sluice_airflow.receipt import Receipt
    from sluice_airflow.verdict import Cause, Ending

#: One screen: no failure text is longer, whatever a receipt or a log brings along.
MAX_LINES = 24
MAX_WIDTH = 200
MAX_HEADLINE = 1000
HEADLINE_LINES = 8
STACK_LINES = 5
LOG_LINES = 8


def success_text(receipt: Receipt) -> str:
    """Return the summary of a run that published its data."""
    target = receipt.target.get("name") or "its target"
    snapshot = receipt.target.get("snapshot_id")
    head = f"{receipt.status} {receipt.job} → {target}" + (f" (snapshot {snapshot})" if snapshot else "")
    rows = {
        "interval": _interval(receipt.interval),
        "parts": receipt.range.text() if receipt.range else None,
        "rows": _rows(receipt.rows),
        "files": _files(receipt.target),
        "gate": _gate(receipt.quality),
        "warning": "; ".join(receipt.warnings) or None,
        "memory": _memory(receipt.memory, None),
        "took": _seconds(receipt.timings.get("total_ms")),
        "receipt": receipt.receipt_uri,
    }
    return "\n".join([head, *_table(rows)])


def failure_text(job: str, cause: Cause, ending: Ending, receipt: Receipt | None) -> str:
    """Return one screen: the cause, what to do, and the evidence."""
    told = cause.told
    headline = told.message if told else f"Cannot {cause.verb} job '{job}': {_sentences(cause)}"
    retry = "not retryable" if issubclass(cause.error, AirflowFailException) else "retryable"
    rows: dict[str, str | None] = {
        "job": f"{job}, {cause.error.__name__}, {retry}",
        "cause": _sentences(cause) if told else None,
        "exit code": _exit_code(ending),
        "memory": _memory(receipt.memory if receipt else {}, ending.memory_limit),
        "phase": (told.phase if told and told.phase else receipt.phase) if receipt else None,
        "interval": _interval(receipt.interval) if receipt else None,
        "parts": receipt.range.text() if receipt and receipt.range else None,
        "rows": _rows(receipt.rows) if receipt else None,
        "gate": _gate(receipt.quality) if receipt else None,
        "receipt": receipt.receipt_uri if receipt else None,
        "ran in": ending.where + (f", image {ending.image}" if ending.image else ""),
    }
    lines = [*_headline(headline), *_table(rows)]
    if receipt and receipt.range and receipt.range.failures:
        lines += _block("failed parts", receipt.range.failure_lines())
    if told and told.stack:
        lines += _block("stack", told.stack[:STACK_LINES])
    elif ending.log_tail and not told:
        lines += _block("last lines of the log", ending.log_tail[-LOG_LINES:])
    return "\n".join(lines[:MAX_LINES])


def _sentences(cause: Cause) -> str:
    return f"{cause.reason.rstrip('. ')}. {cause.advice}"


def _headline(text: str) -> list[str]:
    """The message itself; a long list of violations is cut, the receipt has them all."""
    lines = text.strip().splitlines() or ["Cannot say what went wrong."]
    return [_cut(line, MAX_HEADLINE) for line in lines[:HEADLINE_LINES]]


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


def _table(rows: Mapping[str, str | None]) -> list[str]:
    return [_cut(f"  {name:<10} {value}", MAX_WIDTH) for name, value in rows.items() if value]


def _block(title: str, lines: Sequence[str]) -> list[str]:
    return [f"  {title}:", *(_cut(f"    {line}", MAX_WIDTH) for line in lines)]


def _exit_code(ending: Ending) -> str | None:
    if ending.exit_code is None:
        return None
    reason = ending.reason if ending.reason not in (None, "Error", "Completed") else None
    return f"{ending.exit_code}" + (f", {reason}" if reason else "")


def _interval(interval: Mapping[str, Any]) -> str | None:
    start, end = interval.get("start"), interval.get("end")
    return f"{start} … {end}" if start and end else None


def _rows(rows: Mapping[str, int] | None) -> str | None:
    if not rows:
        return None
    return " · ".join(f"{count:,} {name}".replace(",", " ") for name, count in rows.items())


def _files(target: Mapping[str, Any]) -> str | None:
    count, size = target.get("files"), _bytes(target.get("bytes"))
    return f"{count} of {size} in all" if count and size else None


def _gate(quality: Mapping[str, Any]) -> str | None:
    if not quality:
        return None
    head = f"suite {quality.get('suite')}: {quality.get('decision')}"
    unsuccessful, evaluated = quality.get("unsuccessful"), quality.get("evaluated")
    if not unsuccessful:
        return f"{head}, all {evaluated} expectations hold"
    return f"{head}, {unsuccessful} of {evaluated} expectations failed{_failed(quality.get('failed'))}"


def _failed(failed: Any) -> str:
    if not isinstance(failed, list):
        return ""
    named = [
        f"{item.get('id') or item.get('type')}"
        + (f" ({item['unexpected']} rows)" if item.get("unexpected") is not None else "")
        for item in failed
        if isinstance(item, dict)
    ]
    return f": {', '.join(named)}" if named else ""


def _memory(memory: Mapping[str, Any], limit: str | None) -> str | None:
    parts = [
        f"limit {_bytes(memory.get('limit_bytes')) or _quantity(limit)}"
        if memory.get("limit_bytes") or limit
        else None,
        f"heap up to {_bytes(memory.get('heap_max_bytes'))}" if memory.get("heap_max_bytes") else None,
        f"heap used {_bytes(memory.get('heap_used_bytes'))}" if memory.get("heap_used_bytes") else None,
    ]
    return ", ".join(part for part in parts if part) or None


def _bytes(count: Any) -> str | None:
    if not isinstance(count, (int, float)):
        return None
    for unit, size in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count:.0f} B"


def _quantity(limit: str | None) -> str | None:
    """A Kubernetes quantity, written like the bytes beside it."""
    match = re.fullmatch(r"(\d+)([KMG]i)", limit or "")
    return f"{match[1]}.0 {match[2]}B" if match else limit


def _seconds(milliseconds: Any) -> str | None:
    return f"{milliseconds / 1000:.1f} s" if isinstance(milliseconds, (int, float)) else None
