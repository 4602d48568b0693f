"""The doctor on EMR: the application or virtual cluster, its image and the jobs' role."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import fake_emr as fake
from sluice_airflow.connection import ConnectionSettings, parse_extra
from sluice_airflow.doctor import State
from sluice_airflow.doctor.launch import look_at_launch
from sluice_airflow.hooks.sluice import SluiceHook
from sluice_airflow.manifest import Manifest

TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "emr-serverless.amazonaws.com"}}]}


@pytest.fixture(params=["emr-serverless", "emr-containers"])
def emr(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[fake.FakeEmr]:
    with fake.fake_emr(request.param, monkeypatch) as (made, _):
        trust(TRUST)
        yield made


def trust(policy: dict[str, Any]) -> None:
    fake.client_of("iam").create_role(RoleName="jobs", AssumeRolePolicyDocument=json.dumps(policy))


def settings(emr: fake.FakeEmr, **more: Any) -> ConnectionSettings:
    return parse_extra("lab", json.dumps(emr.extra(**{"home": "s3://lake/jars", **more})))


def test_a_job_that_the_launcher_would_refuse_is_named(emr: fake.FakeEmr, flights: Path) -> None:
    manifest = Manifest.load(flights)
    first = replace(manifest.jobs[0], resources={"scale": "executors(2)"})

    findings = look_at_launch(settings(emr), replace(manifest, jobs=(first, *manifest.jobs[1:])))
    (wrong,) = [finding for finding in findings if finding.state is State.WRONG]

    assert wrong.says.startswith(f"Cannot scale job '{first.name}' to 'executors(2)' on EMR: ")


def found(of: ConnectionSettings) -> list[tuple[str, str]]:
    return [(finding.check, finding.state.value) for finding in look_at_launch(of)]


def test_what_is_well(emr: fake.FakeEmr) -> None:
    assert found(settings(emr)) == [("emr", "ok"), ("image", "ok"), ("role", "ok")]


def test_the_connections_own_test_says_so(emr: fake.FakeEmr, monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"conn_type": "sluice", "extra": emr.extra(home="s3://lake/jars")}
    monkeypatch.setenv("AIRFLOW_CONN_LAB", json.dumps(value))

    well, said = SluiceHook("lab").test_connection()

    assert well
    assert f"{emr.home}" in said
    assert "role: jobs is there" in said


@pytest.mark.parametrize("emr", ["emr-containers"], indirect=True)
def test_the_image_of_jobs_on_eks_may_be_the_profiles(emr: fake.FakeEmr, tmp_path: Path) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text("default: {image: 'r.example/flights:1'}\n")

    findings = {finding.check: finding for finding in look_at_launch(settings(emr, home=None, profile=str(profile)))}

    assert findings["image"].says == "r.example/flights:1, jars in local:///app"


def stopped_for_good(emr: fake.FakeEmr) -> None:
    emr._backend.applications[emr.home].state = "STOPPED"
    emr._backend.applications[emr.home].auto_start_configuration = {"enabled": False}


def stopped(emr: fake.FakeEmr) -> None:
    emr._backend.applications[emr.home].state = "STOPPED"


def terminated(emr: fake.FakeEmr) -> None:
    if emr.launcher == "emr-serverless":
        emr._backend.applications[emr.home].state = "TERMINATED"
    else:
        emr._backend.virtual_clusters[emr.home].state = "TERMINATED"


def without_role(_: fake.FakeEmr) -> None:
    fake.client_of("iam").delete_role(RoleName="jobs")


def trusting_another(_: fake.FakeEmr) -> None:
    fake.client_of("iam").delete_role(RoleName="jobs")
    trust({"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}]})


FAULTS = [
    pytest.param("emr-serverless", stopped, {}, None, id="an application that starts with its jobs"),
    pytest.param("emr-serverless", stopped_for_good, {}, "STOPPED and does not start by itself", id="stopped"),
    pytest.param("emr-serverless", terminated, {}, "is TERMINATED", id="terminated application"),
    pytest.param("emr-containers", terminated, {}, "is TERMINATED", id="terminated cluster"),
    pytest.param("emr-serverless", None, {"application_id": "nowhere"}, "nowhere: ", id="no application"),
    pytest.param("emr-serverless", None, {"home": None}, "the application names none", id="no image"),
    pytest.param("emr-containers", None, {"home": None}, "the connection names none", id="no image of the jobs"),
    pytest.param("emr-containers", None, {"home": None, "image": "r.example/flights:1"}, None, id="an image"),
    pytest.param("emr-serverless", None, {"profile": "/nowhere.yaml"}, "/nowhere.yaml", id="no profile"),
    pytest.param("emr-serverless", without_role, {}, "jobs does not exist", id="no role"),
    pytest.param("emr-serverless", trusting_another, {}, "jobs does not trust emr-serverless", id="trust"),
    pytest.param("emr-containers", trusting_another, {}, None, id="trust is the cluster's affair"),
]


@pytest.mark.parametrize(("emr", "broken", "more", "says"), FAULTS, indirect=["emr"])
def test_what_is_wrong_is_named(
    emr: fake.FakeEmr, broken: Callable[[fake.FakeEmr], None] | None, more: dict[str, Any], says: str | None
) -> None:
    if broken:
        broken(emr)

    wrong = [finding for finding in look_at_launch(settings(emr, **more)) if finding.state is State.WRONG]

    assert len(wrong) == (1 if says else 0)
    for finding in wrong:
        assert says is not None
        assert says in finding.says
        assert finding.fix
