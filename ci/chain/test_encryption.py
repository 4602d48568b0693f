"""An engine that knows nothing of Sluice reads an encrypted table where it has the keys, and only there."""

from __future__ import annotations

import base64
import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from formats import FOLDER
from services import ROOT

ENCRYPTED = FOLDER / "encrypted"
NONCE = 12


class Keystore(pe.KmsClient):  # type: ignore[misc]  # pyarrow has no types
    """Wraps keys as the key provider ``keystore`` does."""

    def __init__(self, keys: dict[str, bytes]):
        super().__init__()
        self.keys = keys

    def wrap_key(self, key: bytes, name: str) -> str:
        """Nothing is written here."""
        raise NotImplementedError

    def unwrap_key(self, wrapped: str, name: str) -> bytes:
        """Return the key that a key of some name has encrypted."""
        if name not in self.keys:
            raise KeyError(f"no key {name}")
        text = base64.b64decode(wrapped)
        return AESGCM(self.keys[name]).decrypt(text[:NONCE], text[NONCE:], name.encode())


@pytest.fixture(scope="module")
def file() -> Path:
    """The table's one file, which the tests in Java write where they have not."""
    if not (ENCRYPTED / "keys.json").exists():
        test = "-Dtest=EncryptedTableTest#otherEnginesAreToRead"
        command = ["./mvnw", "-B", "-ntp", "-q", "-pl", "sdk/testkit", "-am", "test", test]
        subprocess.run([*command, "-Dsurefire.failIfNoSpecifiedTests=false"], cwd=ROOT, check=True)
    (found,) = ENCRYPTED.glob("shop/orders/*/part-*.parquet")
    return found


@pytest.fixture(scope="module")
def keys() -> dict[str, bytes]:
    """The keys by their names."""
    return {name: base64.b64decode(key) for name, key in json.loads((ENCRYPTED / "keys.json").read_text()).items()}


def _read(file: Path, keys: dict[str, bytes]) -> list[dict[str, object]]:
    factory = pe.CryptoFactory(lambda _: Keystore(keys))
    how = pe.DecryptionConfiguration(cache_lifetime=timedelta(minutes=1))
    decryption = factory.file_decryption_properties(pe.KmsConnectionConfig(), how)
    return list(pq.ParquetFile(file, decryption_properties=decryption).read().to_pylist())


def test_with_the_keys_it_is_read(file: Path, keys: dict[str, bytes]) -> None:
    assert _read(file, keys) == [{"id": 1, "note": "zebra-of-the-north"}, {"id": 2, "note": "other"}]


def test_without_keys_it_is_not(file: Path) -> None:
    with pytest.raises(OSError, match="encrypted"):
        pq.read_table(file)


def test_the_missing_key_is_named(file: Path, keys: dict[str, bytes]) -> None:
    with pytest.raises(KeyError, match="no key notes"):
        _read(file, {"lake-footer": keys["lake-footer"]})
