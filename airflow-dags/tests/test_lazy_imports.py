"""What parsing a DAG file may cost: one small file, no Kubernetes client, no network, no process."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

PARSE = """
import json, sys, time
# What Airflow itself imports for any DAG with a cron expression is not counted: croniter runs `file` once.
from airflow.sdk import DAG, Asset, BaseHook, BaseOperator, TaskGroup
import croniter

seen = {"manifest": 0, "network": 0, "process": 0}
def audit(event, args):
    if event == "open" and str(args[0]).endswith("jobs.json"):
        seen["manifest"] += 1
    if event in ("socket.connect", "socket.getaddrinfo"):
        seen["network"] += 1
    if event in ("subprocess.Popen", "os.posix_spawn", "os.fork"):
        seen["process"] += 1
sys.addaudithook(audit)

from sluice_airflow import sluice_dag
dag = sluice_dag(sys.argv[1], schedule="@daily", start_date="2013-01-01")
seen["tasks"] = len(dag.tasks)

begin = time.process_time()
sluice_dag(sys.argv[1], dag_id="again", schedule="@daily", start_date="2013-01-01")
seen["again_ms"] = (time.process_time() - begin) * 1000
seen["heavy"] = sorted({name.split(".")[0] for name in sys.modules} & {"kubernetes", "kubernetes_asyncio"})
# Not boto3: Airflow itself imports the Amazon provider for any asset, where that is installed.
seen["emr"] = [name for name in sys.modules if name.startswith("sluice_airflow.launchers.emr")]
seen["openlineage"] = [name for name in sys.modules if name.split(".")[0] == "openlineage"]
seen["operators"] = [name for name in sys.modules if name.startswith("airflow.providers.cncf.kubernetes.operators")]
seen["asks"] = [name for name in sys.modules if name.endswith(".operators.hitl")]
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    manifest = tmp_path_factory.mktemp("manifest") / "jobs.json"
    jobs = [
        {
            "name": f"job-{n}",
            "kind": "transform",
            "reads": [{"name": "in", "table": f"lake.t{n}"}],
            "write": {"table": f"lake.t{n + 1}", "mode": "append"},
            "interval": "required",
        }
        for n in range(100)
    ]
    manifest.write_text(json.dumps({"manifest_version": "1.0", "project": "many", "image": "i", "jobs": jobs}))
    done = subprocess.run([sys.executable, "-c", PARSE, str(manifest)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_parsing_imports_nothing_of_kubernetes(parsed: Any) -> None:
    assert parsed["tasks"] == 100
    assert parsed["heavy"] == []
    assert parsed["operators"] == []


def test_parsing_imports_nothing_of_emr(parsed: Any) -> None:
    assert parsed["emr"] == []


def test_only_a_dag_that_asks_people_imports_what_asks_them(parsed: Any) -> None:
    assert parsed["asks"] == []


def test_parsing_imports_nothing_of_openlineage(parsed: Any) -> None:
    assert parsed["openlineage"] == []


def test_parsing_reads_the_manifest_once_and_does_nothing_else(parsed: Any) -> None:
    assert (parsed["manifest"], parsed["network"], parsed["process"]) == (1, 0, 0)


def test_parsing_is_cheap(parsed: Any) -> None:
    assert parsed["again_ms"] / parsed["tasks"] < 50


def test_discovery_of_the_provider_imports_nothing_of_airflow() -> None:
    code = (
        "import sys, sluice_airflow; sluice_airflow.get_provider_info(); "
        "print([m for m in sys.modules if m.split('.')[0] == 'airflow'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_the_doctor_imports_no_operator() -> None:
    code = (
        "import sys, sluice_airflow.doctor.cluster; "
        "print([m for m in sys.modules if m.startswith('airflow.providers.cncf.kubernetes.operators')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    import sluice_airflow

    with pytest.raises(AttributeError, match="module 'sluice_airflow' has no attribute 'sluice_dga'"):
        _ = sluice_airflow.sluice_dga
