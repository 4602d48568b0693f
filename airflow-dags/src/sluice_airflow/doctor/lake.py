"""Looks at the lake: the folders of warehouse and receipts, and the rights in Glue.

It asks as whoever runs the command; a job asks as its own service account. So a refusal is a hint, not a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.doctor import Finding, ok, unknown, wrong

S3 = ("s3", "s3a", "s3n")

#: No database is called so: a call that needs one and is allowed ends there, before anything happens.
NO_DATABASE = "sluice-doctor-no-such-database"


def look_at_lake(settings: ConnectionSettings) -> Iterator[Finding]:
    """Look at the folders that the connection names, and at Glue if that is its catalog."""
    folders = {"warehouse": settings.env.get("SLUICE_LAKE_WAREHOUSE"), "receipts": settings.receipt_root}
    for check, uri in folders.items():
        if uri:
            yield _folder(check, uri, settings)
    if settings.env.get("SLUICE_LAKE_CATALOG") == "glue":
        yield _glue(settings)


def _folder(check: str, uri: str, settings: ConnectionSettings) -> Finding:
    address = urlsplit(uri)
    if address.scheme in S3:
        return _bucket(check, uri, settings)
    if address.scheme in ("", "file"):
        if settings.launcher != "process":
            return wrong(check, f"{uri} is on the job's own disk and gone with it", "Name a place in an object store.")
        return _directory(check, Path(address.path))
    try:
        from airflow.sdk import ObjectStoragePath

        exists = ObjectStoragePath(uri).exists()
    except Exception as error:  # an object store of any kind may be missing in any way
        return unknown(
            check, f"{uri}: {' '.join(str(error).split())}", "Install the file system of this kind of address."
        )
    return ok(check, f"{uri} answers" if exists else f"{uri} answers, and is still empty")


def _directory(check: str, folder: Path) -> Finding:
    import os

    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(existing, os.W_OK):
        return wrong(
            check, f"{existing} is not writable for this user", "Correct the folder's rights, or name another."
        )
    return ok(check, f"{folder} is writable")


def _bucket(check: str, uri: str, settings: ConnectionSettings) -> Finding:
    address = urlsplit(uri)
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
    except ImportError:
        return unknown(check, f"{uri}: boto3 is not installed", "pip install boto3")
    style = "path" if settings.env.get("SLUICE_LAKE_S3_PATH_STYLE") == "true" else "auto"
    config = Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 1}, s3={"addressing_style": style})
    try:
        s3 = boto3.client(
            "s3", endpoint_url=settings.env.get("SLUICE_LAKE_S3_ENDPOINT"), config=config, **_region(settings)
        )
        s3.list_objects_v2(Bucket=address.netloc, Prefix=address.path.lstrip("/"), MaxKeys=1)
    except NoCredentialsError:
        return unknown(
            check, f"{uri}: this machine has no credentials of AWS", "Set AWS_PROFILE, or ask where jobs run."
        )
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NoSuchBucket":
            return wrong(check, f"bucket {address.netloc} does not exist", "Create it, or correct the address.")
        return wrong(
            check, f"{uri} refuses: {code}", "Grant s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject."
        )
    except BotoCoreError as error:
        return wrong(check, f"{uri} does not answer: {error}", "Correct the endpoint, or the network.")
    return ok(check, f"{uri} answers")


def _glue(settings: ConnectionSettings) -> Finding:
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, NoCredentialsError
    except ImportError:
        return unknown("glue", "boto3 is not installed", "pip install boto3")
    config = Config(connect_timeout=5, read_timeout=10, retries={"max_attempts": 1})
    try:
        glue = boto3.client(
            "glue", endpoint_url=settings.env.get("SLUICE_LAKE_GLUE_ENDPOINT"), config=config, **_region(settings)
        )
        refused = sorted(_refused(glue))
    except NoCredentialsError:
        return unknown("glue", "this machine has no credentials of AWS", "Set AWS_PROFILE, or ask where jobs run.")
    except BotoCoreError as error:
        return wrong(
            "glue", f"it does not answer: {error}", "Correct SLUICE_LAKE_GLUE_ENDPOINT, the region or the network."
        )
    if refused:
        return wrong("glue", f"this identity must not {', '.join(refused)}", "Grant these actions to the jobs' role.")
    return ok("glue", "answers, and allows to read and change tables")


def _refused(glue: Any) -> Iterator[str]:
    """Call what a job calls, where it cannot have an effect; only a refusal tells anything."""
    from botocore.exceptions import ClientError

    table = {"DatabaseName": NO_DATABASE, "TableInput": {"Name": "none"}}
    calls: dict[str, Callable[[], Any]] = {
        "glue:GetDatabases": lambda: glue.get_databases(MaxResults=1),
        "glue:GetTable": lambda: glue.get_table(DatabaseName=NO_DATABASE, Name="none"),
        "glue:CreateTable": lambda: glue.create_table(**table),
        "glue:UpdateTable": lambda: glue.update_table(**table),
        "glue:DeleteTable": lambda: glue.delete_table(DatabaseName=NO_DATABASE, Name="none"),
    }
    for action, call in calls.items():
        try:
            call()
        except ClientError as error:
            if "AccessDenied" in error.response["Error"]["Code"]:
                yield action


def _region(settings: ConnectionSettings) -> dict[str, str]:
    region = settings.env.get("SLUICE_LAKE_REGION") or settings.env.get("AWS_REGION") or settings.region
    return {"region_name": region} if region else {}
