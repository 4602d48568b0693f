from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.manifest import Manifest


def test_reads_what_airflow_needs(flights: Path) -> None:
    manifest = Manifest.load(flights)

    assert manifest.project == "flights"
    assert manifest.image is not None
    assert manifest.image.startswith("registry.example/sluice/flights@sha256:")
    job = manifest.job("clean-departures")
    assert job.reads == ("flights.flights", "flights.weather")
    assert job.writes == "flights.departures"
    assert job.settings == {"raw"}
    assert job.resources == {"memory": "2Gi", "cpu": "1"}
    assert job.needs_interval
    assert manifest.job("load-delays").writes is None


def test_a_manifest_already_read_is_taken_as_it_is(flights: Path) -> None:
    manifest = Manifest.load(flights)

    assert Manifest.load(manifest) is manifest
    assert Manifest.load(str(flights)) is manifest, "the same file is read once"


def test_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        Manifest.load(tmp_path / "flights.json")

    assert str(error.value) == (
        f"Cannot read manifest {tmp_path}/flights.json: there is no such file. "
        "Write it with the image's `manifest --output FILE` and put it beside the DAG."
    )


def test_unknown_major_version_is_refused(tmp_path: Path, flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        changed(tmp_path, flights, manifest_version="2.0")

    assert str(error.value) == (
        f"Cannot read manifest {tmp_path}/changed.json: its version is 2.0, and this provider reads 1.x. "
        "Install the airflow-provider-sluice that belongs to the image's SDK."
    )


def test_newer_minor_version_with_unknown_keys_is_read(tmp_path: Path, flights: Path) -> None:
    assert changed(tmp_path, flights, manifest_version="1.9", weather="fine").project == "flights"


def test_unknown_job_names_the_nearest_and_all_known(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        Manifest.load(flights).job("clean-departure")

    assert str(error.value) == (
        f"Cannot find job 'clean-departure' in manifest {flights}: the image has no such job. "
        "Did you mean 'clean-departures'? "
        "Known: clean-departures, delay-stats, extract-flights, extract-weather, load-delays."
    )


def test_unknown_setting_names_the_nearest(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        Manifest.load(flights).job("delay-stats").check_settings(["late_form"], of="manifest flights.json")

    assert str(error.value) == (
        "Cannot set 'late_form' of job 'delay-stats': manifest flights.json declares no such setting. "
        "Did you mean 'late-from'? Known: late-from."
    )


def test_a_secret_is_refused_and_its_variable_named(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        Manifest.load(flights).job("load-delays").check_settings(["jdbc-password"], of="the manifest")

    assert str(error.value) == (
        "Cannot set 'jdbc-password' of job 'load-delays' in a DAG: it is a secret, and everybody could read it in the "
        "task's rendered fields and the pod's arguments. "
        "Give it as SLUICE_JDBC_PASSWORD by the connection's env_from_secrets."
    )


def test_a_secret_of_the_lake_is_refused_as_well(flights: Path) -> None:
    with pytest.raises(SluiceConfigError, match=r"^Cannot set 'lake\.rest\.token' of job .* SLUICE_LAKE_REST_TOKEN by"):
        Manifest.load(flights).job("delay-stats").check_settings(["lake.rest.token"], of="the manifest")


def test_settings_of_the_lake_are_known_to_every_job(flights: Path) -> None:
    names = ["lake.warehouse", "lake.hive.uri", "lake.rest.uri"]
    Manifest.load(flights).job("delay-stats").check_settings(names, of="the manifest")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("{", "it is not valid JSON (Expecting property name", id="broken JSON"),
        pytest.param("", "it is not valid JSON (Expecting value", id="empty file"),
        pytest.param("[]", "the document must be an object, but is []", id="a list"),
        pytest.param("{}", "/manifest_version must be a text, but is nothing", id="no version"),
        pytest.param(
            '{"manifest_version": "1.0"}',
            "/jobs must be a list, but is nothing",
            id="no jobs",
        ),
        pytest.param(
            '{"manifest_version": "1.0", "jobs": [{"write": {}, "reads": []}]}',
            "/jobs/0/write must be an object with a table or a sink, but is {}",
            id="a job that writes nothing",
        ),
        pytest.param(
            '{"manifest_version": "1.0", "jobs": [{"name": 7, "write": {"table": "t"}, "reads": []}]}',
            "/jobs/0/name must be a text, but is 7",
            id="a job with a number for a name",
        ),
        pytest.param(
            '{"manifest_version": "1.0", "jobs": [{"name": "a", "kind": "copy", "write": {"table": "t"}}]}',
            '/jobs/0/kind must be one of extract, transform, load, but is "copy"',
            id="an unknown kind",
        ),
        pytest.param(
            '{"manifest_version": "1.0", "project": "p", "jobs": ['
            '{"name": "a", "kind": "load", "write": {"sink": {}}, "reads": []},'
            '{"name": "a", "kind": "load", "write": {"sink": {}}, "reads": []}]}',
            '/jobs/1/name must be a name that no other job has, but is "a"',
            id="two jobs of one name",
        ),
    ],
)
def test_wrong_shape_is_named_by_its_place(tmp_path: Path, content: str, reason: str) -> None:
    file = tmp_path / "broken.json"
    file.write_text(content)

    with pytest.raises(SluiceConfigError) as error:
        Manifest.load(file)

    assert str(error.value).startswith(f"Cannot read manifest {file}: {reason}")
    assert str(error.value).endswith(
        "Write it again with the image's `manifest --output FILE`; it is not meant to be edited."
    )


def test_a_folder_is_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(SluiceConfigError, match=r"Cannot read manifest .*: Is a directory\. Make it readable"):
        Manifest.load(tmp_path)


def changed(tmp_path: Path, flights: Path, **changes: Any) -> Manifest:
    file = tmp_path / "changed.json"
    file.write_text(json.dumps({**json.loads(flights.read_text()), **changes}))
    return Manifest.load(file)
