"""The profile: what it may say, and which mistakes it names."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.profile import JobProfile, profile_of

PROFILE = """
    default:
      namespace: jobs
      env: {SLUICE_LAKE_REGION: eu-central-1, FROM: default}
      tolerations: [{key: spark, operator: Exists}]
    projects:
      flights:
        service_account: flights
        env: {FROM: project, DB: {secretKeyRef: {name: db, key: url}}}
        jobs:
          clean-departures:
            resources: {memory: 8Gi}
            env: {FROM: job}
            timeouts: {startup: 20m, deadline: 2h}
"""


def written(folder: Path, text: str) -> str:
    file = folder / "profile.yaml"
    file.write_text(textwrap.dedent(text))
    return str(file)


def of_job(path: str, job: str = "clean-departures", project: str = "flights") -> JobProfile:
    return profile_of(path, project=project, job=job)


def test_the_nearest_entry_wins(tmp_path: Path) -> None:
    path = written(tmp_path, PROFILE)

    profile = of_job(path)

    assert [entry.where for entry in profile.entries] == [
        "profile",
        "profile flights",
        "profile flights/clean-departures",
    ]
    assert profile.env == {
        "SLUICE_LAKE_REGION": "eu-central-1",
        "FROM": "job",
        "DB": {"secretKeyRef": {"name": "db", "key": "url"}},
    }
    assert (profile.namespace, profile.image, profile.resources) == ("jobs", None, {"memory": "8Gi"})
    assert profile.timeouts == {"startup": 1200}
    assert profile.entries[-1].values["timeouts"] == {"startup": 1200, "deadline": 7200}
    assert of_job(path, job="other").env["FROM"] == "project"
    assert of_job(path, project="other").env == {"SLUICE_LAKE_REGION": "eu-central-1", "FROM": "default"}


def test_the_readmes_example_is_one(tmp_path: Path) -> None:
    readme = Path(__file__).parents[1] / "README.md"
    (example,) = re.findall(r"```yaml\n(default:.*?)```", readme.read_text(encoding="utf-8"), re.DOTALL)

    profile = of_job(written(tmp_path, example))

    assert profile.resources == {"memory": "8Gi", "cpu": "2"}
    assert profile.timeouts == {"startup": 1200}
    (entry,) = of_job(written(tmp_path, example), job="delay-stats").entries[2:]
    assert entry.values["executors"] == {"node_selector": {"lifecycle": "spot"}, "termination_grace": 110}


def test_without_a_profile_nothing_is_said() -> None:
    assert profile_of(None, project="flights", job="clean-departures") == JobProfile()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "defaults: {}",
            "unknown key 'defaults'. Did you mean 'default'? Known: default, projects.",
            id="unknown key",
        ),
        pytest.param(
            "projects: {flights: {jobs: {clean: {resource: {}}}}}",
            "unknown key 'resource' at projects.flights.jobs.clean. Did you mean 'resources'? Known: "
            "affinity, annotations, driver_service_account, "
            "env, env_from_secrets, executors, image, image_pull_policy, image_pull_secrets, labels, namespace, "
            "node_selector, pod, "
            "resources, service_account, timeouts, tolerations.",
            id="unknown key of a job",
        ),
        pytest.param(
            "default: {executors: {pod: {}}}",
            "unknown key 'pod' at default.executors. Known: affinity, annotations, node_selector, termination_grace, "
            "tolerations.",
            id="unknown key of executors",
        ),
        pytest.param(
            "default: {timeouts: {start: 10m}}",
            "unknown key 'start' at default.timeouts. Did you mean 'startup'? Known: admission, deadline, deletion, "
            "progress, scheduling, startup, unreachable.",
            id="unknown timeout",
        ),
        pytest.param(
            "default: {env: {PARTITIONS: 8}}",
            "default.env.PARTITIONS must be a text (in quotes, if it looks like a number), but is a int. "
            "Correct the file.",
            id="number for a text",
        ),
        pytest.param(
            "default: {timeouts: {startup: 10}}",
            "default.timeouts.startup must be a duration like 90s, 10m or 2h, but is a int. Correct the file.",
            id="no unit",
        ),
        pytest.param(
            "- default", "the document must be a mapping of names, but is a list. Correct the file.", id="a list"
        ),
        pytest.param("", "the document must be a mapping of names, but is nothing. Correct the file.", id="empty"),
        pytest.param(
            "default: {env: {SLUICE_RUN_TOKEN: mine}}",
            "default.env must not set SLUICE_RUN_TOKEN: every try gets its own. Remove it.",
            id="token",
        ),
        pytest.param(
            "default: {labels: {sluice.dev/job: mine}}",
            "default.labels must not set 'sluice.dev/job': pods are found by it. Remove it.",
            id="own label",
        ),
        pytest.param(
            "default: {env: {DB_PASSWORD: gravel}}",
            "'DB_PASSWORD' is what a secret is called, and everybody who sees it could read it. Keep it "
            "in a Kubernetes "
            "secret, and name that in env_from_secrets or as {secretKeyRef: {name: SECRET, key: KEY}} in env.",
            id="secret",
        ),
        pytest.param(
            "default: {image: a, image: b}",
            "'image' stands twice in one mapping, in line 1 again. Correct the file.",
            id="twice",
        ),
        pytest.param(
            "default: !!python/object/apply:os.system [ls]",
            "could not determine a constructor for the tag 'tag:yaml.org,2002:python/object/apply:os.system'",
            id="code",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises(SluiceConfigError) as error:
        of_job(path)

    assert str(error.value).startswith(f"Cannot read profile {path}: ")
    assert message in str(error.value)
    assert "gravel" not in str(error.value)


LAUGHS = "\n".join(
    [
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
        *(f"a{n}: &a{n} [{', '.join(10 * [f'*a{n - 1}'])}]" for n in range(1, 9)),
    ]
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(LAUGHS, "its aliases make more than 20000 values of it", id="billion laughs"),
        pytest.param("a: &a [*a]", "its aliases make more than 20000 values of it", id="holds itself"),
        pytest.param("a: " + 500 * "[" + 500 * "]", "it is nested deeper than 30", id="deep"),
        pytest.param("a: " + 300_000 * "x", "it is larger than 256 KiB", id="large"),
    ],
)
def test_a_bomb_does_not_go_off(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SluiceConfigError, match=message):
        of_job(written(tmp_path, text))


def test_an_anchor_that_saves_writing_is_welcome(tmp_path: Path) -> None:
    text = """
        projects:
          flights:
            jobs:
              clean-departures: &big
                resources: {memory: 8Gi}
              delay-stats:
                <<: *big
                image_pull_policy: Always
    """

    profile = of_job(written(tmp_path, text), job="delay-stats")

    assert profile.resources == {"memory": "8Gi"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        of_job(str(tmp_path / "none.yaml"))

    assert str(error.value) == (
        f"Cannot read profile {tmp_path}/none.yaml: No such file or directory. Put it on every worker, "
        f"or correct its path."
    )
