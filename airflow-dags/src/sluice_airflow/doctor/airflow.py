"""Looks at Airflow itself: whether somebody wakes deferred tasks."""

from __future__ import annotations

import json
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from sluice_airflow.doctor import Finding, ok, unknown, wrong


def look_at_triggerer(api_url: str) -> Finding:
    """Ask the API server's health page, which needs no login, for the triggerer's heartbeat."""
    url = f"{api_url.rstrip('/')}/api/v2/monitor/health"
    if not url.startswith(("http://", "https://")):
        return unknown("triggerer", f"{api_url} is no web address", "Give Airflow's address with --api-url.")
    try:
        with urlopen(url, timeout=10) as answer:  # noqa: S310 - http or https
            health = json.load(answer)
    except (HTTPError, URLError, OSError, ValueError) as error:
        return unknown("triggerer", f"{url} does not answer: {error}", "Give Airflow's address with --api-url.")
    found = health.get("triggerer") or {}
    if found.get("status") != "healthy":
        beat = found.get("latest_triggerer_heartbeat")
        says = f"its last sign of life was at {beat}" if beat else "there is none"
        return wrong("triggerer", says, "Start `airflow triggerer`: without it deferred tasks are never woken.")
    return ok("triggerer", "alive")
