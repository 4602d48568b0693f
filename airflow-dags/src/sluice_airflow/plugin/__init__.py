"""Sluice's pages in Airflow: a view in the navigation, and what the buttons of a task lead to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from airflow.plugins_manager import AirflowPlugin

from sluice_airflow.links.job import mount


async def pages(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """Answer as the pages' app. Every process of Airflow loads its plugins, but only one needs the app."""
    from sluice_airflow.plugin.app import app

    await app(scope, receive, send)


class SluicePlugin(AirflowPlugin):
    """Mounts the pages and puts them into the navigation."""

    name = "sluice"
    fastapi_apps = [{"name": "Sluice", "app": pages, "url_prefix": "/sluice"}]  # noqa: RUF012 - as in Airflow
    external_views = [  # noqa: RUF012
        {
            "name": "Sluice",
            "href": f"{mount()}/",
            "destination": "nav",
            "category": "browse",
            "url_route": "sluice",
            "icon": f"{mount()}/icon.svg",
        }
    ]
