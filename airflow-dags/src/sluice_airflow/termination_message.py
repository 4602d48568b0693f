"""The termination message: the JSON document in which a command leaves its result for the try that launched it."""

from __future__ import annotations

import json
from typing import Any

from sluice_airflow.exceptions import SluiceReceiptError

MAJOR = 1

CHECK_IMAGE = "Check that nothing but the job writes the termination message."


def read_message(text: str | None, *, kind: str, run_token: str, job: str, otherwise: str) -> dict[str, Any]:
    """Return the document, or raise if it is not one of this very run.

    :param kind: what it is, ``receipt`` or ``plan``.
    :param otherwise: what becomes of a result that is another run's.
    """
    if not text or not text.strip():
        raise not_believed(kind, job, "there is none", "Check that the image is a Sluice image.")
    document = _document(text, kind, job)
    _check_version(document, kind, job)
    _check_run(document, kind, job, run_token, otherwise)
    return document


def not_believed(kind: str, job: str, reason: str, advice: str = CHECK_IMAGE) -> SluiceReceiptError:
    """Return the error that says why a document proves nothing."""
    return SluiceReceiptError(f"Cannot believe the {kind} of job '{job}': {reason}. {advice}")


def _document(text: str, kind: str, job: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise not_believed(kind, job, f"it is not JSON ({error}): {text.strip()[:80]!r}") from None
    if not isinstance(document, dict):
        raise not_believed(kind, job, f"it is not a JSON object: {text.strip()[:80]!r}")
    return document


def _check_version(document: dict[str, Any], kind: str, job: str) -> None:
    version = document.get(f"{kind}_version")
    if not isinstance(version, str):
        raise not_believed(kind, job, f"it has no {kind}_version")
    if version.split(".")[0] != str(MAJOR):
        raise not_believed(
            kind,
            job,
            f"its version is {version}, and this provider reads {MAJOR}.x",
            "Install the airflow-provider-sluice that belongs to the image's SDK.",
        )


def _check_run(document: dict[str, Any], kind: str, job: str, run_token: str, otherwise: str) -> None:
    for key, wanted in (("run_token", run_token), ("job", job)):
        found = document.get(key)
        if found != wanted:
            raise not_believed(
                kind,
                job,
                f"it belongs to another run: its {key} is {json.dumps(found)}, not {json.dumps(wanted)}",
                otherwise,
            )
