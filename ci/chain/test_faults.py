"""Commits whose request or answer goes wrong between a run and its catalog or its storage: what is told is what is so.

The letters and numbers are the rows of docs/faults.md.
"""

from __future__ import annotations

import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from catalog_readers import RestLake
from expected import Expected
from flights import interval, run_key
from interruptions import LocalLake
from proxy import Fault, FaultProxy
from readers import Lake, published
from services import Catalog, Services
from sluice import Ended, Sluice

pytestmark = pytest.mark.chain
long = pytest.mark.faults  #: only ci/faults runs it
JOB, TABLE = "extract-weather", "flights.weather"
#: The request that publishes: it alone notes the run.
COMMIT = r"POST \S*/tables/weather .*sluice\.run\."
GUARD = "JDK_JAVA_OPTIONS"


@dataclass
class Faulty:
    """A lake whose catalog or storage stands behind a proxy, as its jobs and as others see it."""

    proxy: FaultProxy
    sluice: Sluice
    lake: Lake
    expected: Expected

    def run(self, month: int, **env: str) -> Ended:
        """Run the job for a month."""
        return self.sluice.within(**env).run(JOB, interval(month))

    def reconcile(self, month: int) -> Ended:
        """Ask the ledger."""
        return self.sluice("reconcile", JOB, "--interval", interval(month))

    def snapshots(self, month: int) -> int:
        """Count the snapshots that a month's run has published; the table may be missing."""
        return len(published(self.lake.iceberg(TABLE), run_key(JOB, month)))

    def exact(self, *months: int) -> None:
        """Fail unless the table holds just these months, each published once, and every receipt is true."""
        self.expected.check(TABLE, self.lake.rows(TABLE), *months)
        assert [self.snapshots(month) for month in months] == [1] * len(months)
        for month in months:
            self.run(month).expect(0, "ALREADY_COMMITTED")
        self.sluice("runs", "verify", JOB).expect(0)


@pytest.fixture(scope="module")
def rest(services: Services, work: Path) -> Iterator[Catalog]:
    """An Iceberg REST server for all tests of this file."""
    with ExitStack() as until:
        yield services.start_catalog("rest", work / "rest-faults", "127.0.0.1", until)


def _own(warehouse: str, raw: Path) -> dict[str, str]:
    """Give a test a warehouse of its own: receipts stay where tables are dropped."""
    return {"SLUICE_RAW": str(raw), "SLUICE_LAKE_WAREHOUSE": f"{warehouse}/{uuid.uuid4()}"}


@pytest.fixture
def faulty(rest: Catalog, command_line: Sluice, raw: Path, expected: Expected, services: Services) -> Iterator[Faulty]:
    with FaultProxy(rest.uri) as proxy:
        env = {**rest.job_environment, "SLUICE_LAKE_REST_URI": proxy.url, **_own(rest.warehouse, raw)}
        lake = RestLake(rest)
        catalog = lake.catalog()
        for namespace in catalog.list_namespaces():
            for table in catalog.list_tables(namespace):
                catalog.drop_table(table)
        yield Faulty(proxy, command_line.within(**env), lake, expected)


def test_f5_the_answer_to_a_commit_is_lost(faulty: Faulty) -> None:
    rule = faulty.proxy.next(COMMIT, Fault.LOSE)
    faulty.run(1).expect(0, "COMMITTED")
    assert rule.answers == [b"HTTP/1.1 200 OK"]
    faulty.exact(1)


@long
def test_f5_without_its_guard_nobody_asks(faulty: Faulty) -> None:
    faulty.proxy.next(COMMIT, Fault.LOSE)
    faulty.run(1, **{GUARD: "-Dsluice.guard.off=lost-answer"}).expect(5, "UNKNOWN")


@long
def test_f7_a_commit_that_is_refused_is_made_by_the_next_run(faulty: Faulty) -> None:
    rule = faulty.proxy.next(COMMIT, Fault.REFUSE, status=503)
    faulty.run(1).expect(5, "UNKNOWN")
    assert rule.times == 0
    faulty.run(1).expect(0, "COMMITTED")
    faulty.exact(1)


def test_f8_a_commit_that_comes_late_is_rejected(faulty: Faulty) -> None:
    rule = faulty.proxy.next(COMMIT, Fault.HOLD)
    faulty.run(1).expect(5, "UNKNOWN")
    faulty.run(1).expect(0, "COMMITTED")
    faulty.proxy.let_go()
    assert rule.answers == [b"HTTP/1.1 409 Conflict"]
    faulty.exact(1)


@long
def test_f8_a_commit_that_comes_late_counts_where_nobody_was_faster(faulty: Faulty) -> None:
    rule = faulty.proxy.next(COMMIT, Fault.HOLD)
    faulty.run(1).expect(5, "UNKNOWN")
    faulty.reconcile(1).expect(75)
    faulty.proxy.let_go()
    assert rule.answers == [b"HTTP/1.1 200 OK"]
    assert ": committed by run " in faulty.reconcile(1).expect(0).stdout
    faulty.exact(1)


@long
def test_f8_without_its_guard_the_table_names_files_that_are_gone(faulty: Faulty, tmp_path: Path) -> None:
    gate = tmp_path / "go-on"
    off = {GUARD: "-Dsluice.guard.off=files-in-doubt", "SLUICE_PAUSE_AT": "publish", "SLUICE_PAUSE_UNTIL": str(gate)}
    late = faulty.sluice.within(**off).start_job(JOB, interval(1)).await_pause("publish")
    # A commit onto another's rows makes a snapshot of its own; one that does not names the staged one, gone too.
    faulty.run(2).expect(0, "COMMITTED")
    rule = faulty.proxy.next(COMMIT, Fault.HOLD)
    gate.touch()
    late.wait().expect(5, "UNKNOWN")
    faulty.proxy.let_go()
    assert rule.answers == [b"HTTP/1.1 200 OK"]
    with pytest.raises(FileNotFoundError):
        faulty.lake.rows(TABLE)


@long
def test_f9_a_commit_that_was_made_and_nobody_can_say_so(faulty: Faulty) -> None:
    faulty.proxy.next(COMMIT, Fault.LOSE, then_down=True)
    faulty.run(1).expect(5, "UNKNOWN")
    faulty.proxy.calm()
    assert ": committed by run " in faulty.reconcile(1).expect(0).stdout
    faulty.exact(1)


@long
def test_f9_a_commit_that_was_not_made_and_nobody_can_say_so(faulty: Faulty) -> None:
    faulty.proxy.next(COMMIT, Fault.DROP, then_down=True)
    faulty.run(1).expect(5, "UNKNOWN")
    faulty.proxy.calm()
    assert faulty.reconcile(1).expect(75).stdout.endswith(": not committed. Run it again\n")
    faulty.run(1).expect(0, "COMMITTED")
    faulty.exact(1)


@long
def test_f10_a_commit_that_is_sent_twice(faulty: Faulty) -> None:
    rule = faulty.proxy.next(COMMIT, Fault.TWICE)
    faulty.run(1).expect(0, "COMMITTED")
    assert rule.answers == [b"HTTP/1.1 200 OK", b"HTTP/1.1 409 Conflict"]
    faulty.exact(1)


@pytest.fixture
def glue(command_line: Sluice, raw: Path, expected: Expected, services: Services) -> Iterator[Faulty]:
    with FaultProxy(services.glue) as proxy:
        env = {**services.job_environment, "SLUICE_LAKE_GLUE_ENDPOINT": proxy.url, **_own("s3://lake/glue", raw)}
        lake = Lake(services)
        for database in lake.glue.get_databases()["DatabaseList"]:
            lake.glue.delete_database(Name=database["Name"])
        yield Faulty(proxy, command_line.within(**env), lake, expected)


@long
def test_f5_the_answer_of_glue_is_lost(glue: Faulty) -> None:
    rule = glue.proxy.next(r"AWSGlue\.UpdateTable.*\"Name\": ?\"weather\"", Fault.LOSE, times=2)
    glue.run(1).expect(0, "COMMITTED")
    assert rule.times < 2
    glue.exact(1)


@pytest.fixture
def storage(
    rest: Catalog, command_line: Sluice, raw: Path, expected: Expected, services: Services, faulty: Faulty
) -> Iterator[Faulty]:
    with FaultProxy(services.s3) as proxy:
        sluice = faulty.sluice.within(SLUICE_LAKE_S3_ENDPOINT=proxy.url)
        yield Faulty(proxy, sluice, faulty.lake, expected)


@long
def test_f34_storage_slows_down_for_a_while(storage: Faulty) -> None:
    rule = storage.proxy.next(r"^PUT \S*/weather/data/\S*parquet", Fault.REFUSE, times=2, status=503)
    storage.run(1).expect(0, "COMMITTED")
    assert rule.times == 0
    storage.exact(1)


@long
def test_f34_storage_lets_nobody_write_any_more(storage: Faulty, services: Services) -> None:
    storage.run(1).expect(0, "COMMITTED")
    storage.proxy.next(r"^PUT \S*/weather/data/\S*parquet", Fault.REFUSE, times=1000, status=403)
    refused = storage.run(2).expect(75, "FAILED")
    assert services.secret_key not in refused.stdout + refused.stderr
    storage.proxy.calm()
    storage.exact(1)
    storage.run(2).expect(0, "COMMITTED")
    storage.exact(1, 2)


@pytest.fixture
def small_disk(work: Path) -> Iterator[Path]:
    """A file system of 32 MB."""
    folder = work / "small-disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", folder], check=False).returncode:
        pytest.skip("only root may mount a file system")
    yield folder
    subprocess.run(["umount", folder], check=True)


@long
def test_f30_no_room_on_the_disk(small_disk: Path, command_line: Sluice, raw: Path, expected: Expected) -> None:
    lake = LocalLake(small_disk / "lake")
    sluice = command_line.within(SLUICE_RAW=str(raw), **lake.environment)
    sluice.run(JOB, interval(1)).expect(0, "COMMITTED")
    full = small_disk / "full"
    full.write_bytes(bytes(shutil.disk_usage(small_disk).free - 20_000))
    ended = sluice.run(JOB, interval(2)).expect(75, "FAILED")
    assert "No space left on device" in ended.receipt["error"]["message"]
    expected.check(TABLE, _rows(lake), 1)
    full.unlink()
    sluice.run(JOB, interval(2)).expect(0, "COMMITTED")
    expected.check(TABLE, _rows(lake), 1, 2)


def _rows(lake: LocalLake) -> pa.Table:
    rows = lake.rows(TABLE)
    assert rows is not None
    return rows
