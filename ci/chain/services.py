"""The systems that the chain stands on: each a real process, started once and stopped with all that it started."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
LAKE_BUCKET = "lake"
RAW_BUCKET = "raw"


def script(name: str, *arguments: str, env: Mapping[str, str] | None = None) -> str:
    """Run a script of ci/, with more environment, and return what it prints."""
    done = subprocess.run(
        [ROOT / "ci" / name, *arguments],
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def settings_of(lines: str) -> dict[str, str]:
    """Read the KEY=VALUE lines that a script prints."""
    return dict(line.split("=", 1) for line in lines.splitlines() if "=" in line)


@dataclass(frozen=True)
class Services:
    """Where S3, Glue and PostgreSQL listen."""

    address: str
    s3: str
    glue: str
    access_key: str
    secret_key: str
    region: str
    postgres: str
    jdbc_url: str

    @classmethod
    def start(cls, folder: Path, address: str, until: ExitStack) -> Services:
        """Start all of them on one address; they stop when the stack is closed."""
        found = {name: _start(name, folder / name, address, until) for name in ("s3", "glue", "postgres")}
        postgres, s3 = found["postgres"], found["s3"]
        services = cls(
            address=address,
            s3=s3["S3_ENDPOINT"],
            glue=found["glue"]["GLUE_ENDPOINT"],
            access_key=s3["AWS_ACCESS_KEY_ID"],
            secret_key=s3["AWS_SECRET_ACCESS_KEY"],
            region=s3["AWS_REGION"],
            postgres=f"host={postgres['PGHOST']} port={postgres['PGPORT']} user={postgres['PGUSER']} dbname=postgres",
            jdbc_url=postgres["JDBC_URL"],
        )
        for bucket in (LAKE_BUCKET, RAW_BUCKET):
            services.client("s3").create_bucket(Bucket=bucket)
        return services

    @property
    def credentials(self) -> dict[str, str]:
        """What the standard chain of AWS looks for in the environment."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION": self.region,
        }

    @property
    def job_environment(self) -> dict[str, str]:
        """The settings of a job whose lake is here; its raw files are not among them."""
        return {
            **self.credentials,
            "SLUICE_LAKE_WAREHOUSE": f"s3://{LAKE_BUCKET}/warehouse",
            "SLUICE_LAKE_CATALOG": "glue",
            "SLUICE_LAKE_GLUE_ENDPOINT": self.glue,
            "SLUICE_LAKE_S3_ENDPOINT": self.s3,
            "SLUICE_LAKE_S3_PATH_STYLE": "true",
            "SLUICE_LAKE_REGION": self.region,
            "SLUICE_SECURITY_PLAINTEXT": self.address,  # all of them, the catalogs as well, speak without TLS
            "SLUICE_JDBC_URL": self.jdbc_url,
        }

    def start_catalog(self, name: str, folder: Path, address: str, until: ExitStack) -> Catalog:
        """Start a catalog of tables on this S3: ``hive``, a Hive Metastore, or ``rest``, Iceberg's REST server."""
        found = _start(name, folder, address, until, {**self.credentials, "S3_ENDPOINT": self.s3})
        return Catalog(name, found[f"{name.upper()}_URI"], self)

    def client(self, service: str) -> Any:
        """Return a boto3 client of S3 or Glue."""
        return boto3.client(
            service,
            endpoint_url=self.s3 if service == "s3" else self.glue,
            region_name=self.region,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(s3={"addressing_style": "path"}),
        )


@dataclass(frozen=True)
class Catalog:
    """A catalog beside Glue, with a warehouse of its own on the same S3."""

    name: str
    uri: str
    services: Services

    @property
    def warehouse(self) -> str:
        """The root folder of its tables."""
        return f"s3://{LAKE_BUCKET}/{self.name}"

    @property
    def job_environment(self) -> dict[str, str]:
        """The settings of a job whose lake is here; its raw files are not among them."""
        return {
            **self.services.job_environment,
            "SLUICE_LAKE_WAREHOUSE": self.warehouse,
            "SLUICE_LAKE_CATALOG": self.name,
            f"SLUICE_LAKE_{self.name.upper()}_URI": self.uri,
        }


def _start(
    name: str, folder: Path, address: str, until: ExitStack, env: Mapping[str, str] | None = None
) -> dict[str, str]:
    until.callback(script, f"services/{name}", "stop", str(folder))
    return settings_of(script(f"services/{name}", "start", str(folder), "--address", address, env=env))
