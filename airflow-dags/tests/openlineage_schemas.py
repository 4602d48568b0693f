"""The JSON Schemas that OpenLineage publishes, release 1.50.0: its core and those of some facets.

No package of Python carries them. The crate ``datafusion-openlineage`` does, for its own tests; it is fetched once, by
name, version and digest, and nothing of it is run.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import urllib.request
from pathlib import Path
from typing import Any

import pytest

CRATE = "datafusion-openlineage-0.0.7"
SHA_256 = "6a76cd49d4134a44d91d0224c9a8a9bbe586900131437680c990a2c7d5c1bf72"
ADDRESS = f"https://static.crates.io/crates/datafusion-openlineage/{CRATE}.crate"
CACHE = Path(os.environ.get("SLUICE_CACHE") or Path.home() / ".cache/sluice") / "data" / f"{CRATE}.crate"


def published() -> dict[str, Any]:
    """Return the schemas by the names of their files."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(_crate())) as crate:
        for entry in crate:
            if "/schemas/openlineage/" in entry.name and entry.name.endswith(".json"):
                content = crate.extractfile(entry)
                assert content is not None
                found[Path(entry.name).name] = json.load(content)
    return found


def _crate() -> bytes:
    if CACHE.exists():
        content = CACHE.read_bytes()
    else:
        try:
            with urllib.request.urlopen(ADDRESS, timeout=60) as answer:
                content = answer.read()
        except OSError as error:
            pytest.skip(f"the schemas cannot be fetched from {ADDRESS}: {error}", allow_module_level=True)
    assert hashlib.sha256(content).hexdigest() == SHA_256, f"{ADDRESS} is not what it was"
    if not CACHE.exists():
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        part = CACHE.with_suffix(f".{os.getpid()}")
        part.write_bytes(content)
        part.replace(CACHE)
    return content
