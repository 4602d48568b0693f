"""The pages themselves: what is asked, by whom, and with what answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.base_auth_manager import COOKIE_NAME_JWT_TOKEN
from airflow.api_fastapi.core_api.security import GetUserDep
from airflow.models.connection import Connection
from airflow.utils.session import create_session
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException as StarletteHTTPException

from sluice_airflow._compat import AirflowNotFoundException
from sluice_airflow.connection import parse_extra
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.hooks.sluice import SluiceHook
from sluice_airflow.links.job import mount
from sluice_airflow.plugin import runs as known
from sluice_airflow.plugin.archive import Archive, Unreadable
from sluice_airflow.plugin.views import receipt_view, tables

HERE = Path(__file__).parent

#: Receipts are written by others. Should a template ever let one through, the browser still runs nothing of it.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'self'"

#: A quality page is a whole document of a job's: it may fold and filter itself, as nobody, and reach nothing.
FOREIGN_POLICY = (
    "sandbox allow-scripts; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

templates = Environment(
    loader=PackageLoader("sluice_airflow.plugin"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
templates.filters["count"] = lambda number: f"{number:,}".replace(",", "\u202f")
templates.filters["moment"] = lambda time: f"{time:%Y-%m-%d %H:%M:%S}"
templates.filters["query"] = lambda names: urlencode(names)

app = FastAPI(title="Sluice", openapi_url=None)


def database() -> Iterator[Session]:
    """Yield a session with Airflow's metadata."""
    with create_session(scoped=False) as session:
        yield session


Database = Annotated[Session, Depends(database)]


def readable_dags(user: GetUserDep, session: Database) -> set[str]:
    """Return the DAGs that whoever asks may see; nobody is shown a run of any other."""
    return get_auth_manager().get_authorized_dag_ids(user=user, method="GET", session=session)


Readable = Annotated[set[str], Depends(readable_dags)]


def asked_run(
    session: Database, dags: Readable, dag_id: str, run_id: str, task_id: str, map_index: int = -1
) -> known.Run:
    """Return the run that the query names, if it may be seen."""
    run = known.one(session, dag_id, run_id, task_id, map_index) if dag_id in dags else None
    if run is None:
        raise HTTPException(404, "There is no such run, or you may not see its DAG.")
    return run


Asked = Annotated[known.Run, Depends(asked_run)]


@app.get("/")
def show_runs(
    request: Request, session: Database, dags: Readable, dag_id: str | None = None, job: str | None = None
) -> Response:
    """Show the newest runs."""
    found = known.newest(session, dags if dag_id is None else dags & {dag_id})
    chosen = [run for run in found if job in (None, run.job)]
    return page(request, "runs.html", runs=chosen[:100], of=len(chosen), dag_id=dag_id, job=job)


@app.get("/tables")
def show_tables(request: Request, session: Database, dags: Readable) -> Response:
    """Show every table that the newest runs have written."""
    return page(request, "tables.html", tables=tables(known.newest(session, dags)))


@app.get("/table")
def show_table(request: Request, session: Database, dags: Readable, name: str) -> Response:
    """Show one table over time."""
    table = next((table for table in tables(known.newest(session, dags)) if table.name == name), None)
    if table is None:
        raise HTTPException(404, "None of the newest runs that you may see has written such a table.")
    return page(request, "table.html", table=table)


@app.get("/receipt")
def show_receipt(request: Request, run: Asked) -> Response:
    """Show one receipt."""
    return page(request, "receipt.html", view=receipt_view(run, _archive(run)), run=run)


@app.get("/quality")
def show_quality(run: Asked) -> Response:
    """Show the page that a run has written about its expectations."""
    uri = run.receipt.text("quality", "page_uri")
    if uri is None:
        raise HTTPException(404, "This run has written no page: its job names no suite, or it did not get that far.")
    archive = _archive(run)
    try:
        if isinstance(archive, Unreadable):
            raise archive
        content = archive.read(uri)
    except Unreadable as reason:
        raise HTTPException(404, f"Cannot show {uri}: {reason}.") from None
    return HTMLResponse(content, headers=_headers(FOREIGN_POLICY))


@app.get("/style.css")
def style() -> Response:
    """Return what the pages look like; it tells nothing, so anybody may have it."""
    return FileResponse(HERE / "style.css", headers=_headers(POLICY, cache="max-age=3600"))


@app.get("/icon.svg")
def icon() -> Response:
    """Return the picture in the navigation."""
    return FileResponse(HERE / "icon.svg", headers=_headers(POLICY, cache="max-age=86400"))


@app.exception_handler(StarletteHTTPException)
def refuse(request: Request, error: StarletteHTTPException) -> Response:
    """Say in words what is wrong; whoever is not logged in is sent to where one does that."""
    back = quote(f"{request.url.path}?{request.url.query}", safe="")
    login = f"{mount().removesuffix('/sluice')}/api/v2/auth/login?next={back}" if error.status_code == 401 else None
    # Somebody who has logged in and is still unknown (Airflow 3.1.0 reads no cookie) would be sent in circles.
    if login and _alone(request) and COOKIE_NAME_JWT_TOKEN not in request.cookies:
        return RedirectResponse(login, status_code=307)
    return page(request, "refusal.html", code=error.status_code, reason=str(error.detail), login=login)


def page(request: Request, template: str, *, code: int = 200, **values: Any) -> Response:
    """Lay out a page."""
    # In Airflow's frame a link to Airflow itself would put Airflow into Airflow.
    alone = _alone(request)
    html = templates.get_template(template).render(
        mount=mount(), airflow=mount().removesuffix("/sluice") if alone else None, code=code, **values
    )
    return HTMLResponse(html, status_code=code, headers=_headers(POLICY))


def _alone(request: Request) -> bool:
    return request.headers.get("sec-fetch-dest") == "document"


def _headers(policy: str, cache: str = "no-store") -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": cache,
    }


def _archive(run: known.Run) -> Archive | Unreadable:
    """Return the folders of the connection with which the run was launched, or why there are none."""
    conn_id = run.record.text("conn_id") or SluiceHook.default_conn_name
    try:
        connection = Connection.get_connection_from_secrets(conn_id)
        if connection.conn_type != SluiceHook.conn_type:
            return Unreadable(f"connection '{conn_id}' is not of type '{SluiceHook.conn_type}'")
        return Archive.of(parse_extra(conn_id, connection.extra))
    except AirflowNotFoundException:
        return Unreadable(f"the API server knows no connection '{conn_id}'")
    except SluiceConfigError as error:
        return Unreadable(str(error))
