from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from receipts import JOB, TOKEN, failed, receipt, text
from sluice_airflow._compat import AirflowFailException
from sluice_airflow.exceptions import (
    SluiceCommitUnknown,
    SluiceConfigError,
    SluiceConflict,
    SluiceContractError,
    SluiceDataError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceJobError,
    SluiceOutOfMemory,
    SluiceReceiptError,
    SluiceSourceError,
    SluiceTerminated,
)
from sluice_airflow.receipt import Receipt
from sluice_airflow.summary import MAX_LINES, success_text
from sluice_airflow.verdict import Ending, Outcome, State, judge

IMAGE = "registry.example/sluice/flights:1"


def ended(exit_code: int, document: dict[str, Any] | None = None, **more: Any) -> Ending:
    message = text(document) if document is not None else more.pop("message", None)
    return Ending(State.ENDED, "pod jobs/flights-1", TOKEN, exit_code=exit_code, message=message, **more)


def other(state: State, **more: Any) -> Ending:
    return Ending(state, "pod jobs/flights-1", TOKEN, image=IMAGE, **more)


def judged(ending: Ending) -> Receipt:
    return judge(Outcome.of(ending, job=JOB))


def verdict(ending: Ending) -> SluiceError:
    with pytest.raises(SluiceError) as error:
        judged(ending)
    return error.value


@pytest.mark.parametrize("status", ["COMMITTED", "ALREADY_COMMITTED"])
def test_green_needs_exit_code_zero_and_a_published_receipt(status: str) -> None:
    result = judged(ended(0, receipt(status=status)))

    assert isinstance(result, Receipt)
    assert result.status == status


@pytest.mark.parametrize(
    ("ending", "first_line"),
    [
        pytest.param(
            ended(0),
            "it ended with exit code 0, but that is no proof. "
            f"Cannot believe the receipt of job '{JOB}': there is none. Check that the image is a Sluice image.",
            id="no receipt",
        ),
        pytest.param(
            ended(0, message="all is well"),
            "it ended with exit code 0, but that is no proof. "
            f"Cannot believe the receipt of job '{JOB}': it is not JSON (Expecting value: line 1 column 1 (char 0)): "
            "'all is well'. Check that nothing but the job writes the termination message.",
            id="no JSON",
        ),
        pytest.param(
            ended(0, receipt(run_token="other")),
            "it ended with exit code 0, but that is no proof. "
            f"Cannot believe the receipt of job '{JOB}': it belongs to another run: its run_token is \"other\", "
            f'not "{TOKEN}". The result of this run is not known; the next try finds out from the ledger.',
            id="of another run",
        ),
        pytest.param(
            ended(0, receipt(status="RUNNING", exit_code=None)),
            "it ended with exit code 0, but its receipt is still RUNNING. "
            "The result is not known; the next try finds out from the ledger.",
            id="still running",
        ),
        pytest.param(
            ended(0, receipt(status="REFUSED", exit_code=3)),
            "it ended with exit code 0, but its receipt says 3. "
            "The result is not known; the next try finds out from the ledger.",
            id="refused",
        ),
        pytest.param(
            ended(1, receipt()),
            "it ended with exit code 1, but its receipt says 0. "
            "The result is not known; the next try finds out from the ledger.",
            id="committed but failed",
        ),
    ],
)
def test_without_proof_it_is_red_and_tried_again(ending: Ending, first_line: str) -> None:
    error = verdict(ending)

    assert type(error) is SluiceReceiptError
    assert not isinstance(error, AirflowFailException)
    assert str(error).splitlines()[0] == f"Cannot finish job '{JOB}': {first_line}"


@pytest.mark.parametrize(
    ("exit_code", "kind", "expected", "retried"),
    [
        (2, "CONFIG", SluiceConfigError, False),
        (2, "CONTRACT", SluiceContractError, False),
        (3, "DATA", SluiceDataError, False),
        (4, "DATA", SluiceDataError, False),
        (5, "INFRA", SluiceCommitUnknown, True),
        (6, "INFRA", SluiceConflict, True),
        (70, "BUG", SluiceJobError, False),
        (75, "SOURCE", SluiceSourceError, True),
        (75, "INFRA", SluiceInfrastructureError, True),
        (143, "INFRA", SluiceTerminated, True),
    ],
)
def test_exit_code_and_kind_choose_the_exception(
    exit_code: int, kind: str, expected: type[SluiceError], retried: bool
) -> None:
    status = {3: "REFUSED", 5: "UNKNOWN", 143: "CANCELLED"}.get(exit_code, "FAILED")
    error = verdict(ended(exit_code, failed(exit_code, kind, "Cannot go on: a reason. Do this.", status=status)))

    assert type(error) is expected
    assert isinstance(error, AirflowFailException) is not retried
    assert str(error).splitlines()[0] == "Cannot go on: a reason. Do this."
    assert ("retryable" if retried else "not retryable") in str(error).splitlines()[1]


@pytest.mark.parametrize(
    ("exit_code", "expected", "reason"),
    [
        (2, SluiceConfigError, "its configuration is wrong. Correct the settings or the connection."),
        (3, SluiceDataError, "the gate refused the rows. Look at the failed expectations and the rows."),
        (5, SluiceCommitUnknown, "the outcome of the commit is unknown. The next try reads the ledger and settles it."),
        (143, SluiceTerminated, "it was told to stop. Nothing was published; the next try runs again."),
        (134, SluiceInfrastructureError, "it was ended by signal 6. Look at the log for the JVM's last words."),
        (
            1,
            SluiceJobError,
            "it ended with exit code 1, which is none of Sluice's. "
            "Look at the log: most likely the JVM did not start, or the image is not a Sluice image.",
        ),
    ],
)
def test_the_exit_code_alone_is_enough_to_fail(exit_code: int, expected: type[SluiceError], reason: str) -> None:
    error = verdict(ended(exit_code, log_tail=("one", "two")))

    assert type(error) is expected
    assert str(error).splitlines()[0] == f"Cannot finish job '{JOB}': {reason}"
    assert str(error).endswith("  last lines of the log:\n    one\n    two")


MEMORY_LINE = "  memory     limit 2.0 GiB, heap up to 1.2 GiB, heap used 700.0 MiB"


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param({"exit_code": 137, "reason": "OOMKilled"}, id="OOMKilled"),
        pytest.param({"exit_code": 137, "reason": "Error"}, id="137 alone"),
        pytest.param({"exit_code": 1, "reason": "OOMKilled"}, id="OOMKilled with another code"),
    ],
)
def test_a_kill_for_memory_names_limit_and_heap(ending: dict[str, Any]) -> None:
    running = receipt(status="RUNNING", phase="transform", exit_code=None, rows=None, quality=None)
    error = verdict(ended(document=running, memory_limit="2Gi", **ending))

    assert type(error) is SluiceOutOfMemory
    lines = str(error).splitlines()
    assert lines[0] == (
        f"Cannot finish job '{JOB}': it was killed for memory. "
        "Raise the job's memory (now 2Gi) to 3072Mi, or let it read less in one run."
    )
    assert MEMORY_LINE in lines
    assert "  phase      transform" in lines


def test_a_limit_that_is_written_otherwise_is_named_without_a_proposal() -> None:
    error = verdict(ended(137, reason="OOMKilled", memory_limit="2e9"))

    assert "Raise the job's memory (now 2e9), or let it read less in one run." in str(error)


def test_a_job_that_can_still_say_whose_memory_it_was_is_heard() -> None:
    message = "Cannot transform j: out of memory (executor 7: 1024 MiB memory limit). Give executors 1536Mi"
    error = verdict(ended(137, failed(137, "INFRA", message), reason="Error", memory_limit="2Gi"))

    assert type(error) is SluiceOutOfMemory
    assert str(error).splitlines()[0] == message
    assert "Raise the job's memory (now 2Gi), or that of the executor that it names." in str(error)


def test_a_kill_for_memory_without_a_receipt_still_names_the_limit() -> None:
    error = verdict(ended(137, reason="OOMKilled", memory_limit="2Gi"))

    assert type(error) is SluiceOutOfMemory
    assert "  memory     limit 2.0 GiB" in str(error).splitlines()


def test_a_jvm_without_heap_is_no_refusal_of_the_gate() -> None:
    error = verdict(ended(3, receipt(status="RUNNING", phase="transform", exit_code=None)))

    assert type(error) is SluiceOutOfMemory
    assert "the JVM ran out of heap" in str(error)


@pytest.mark.parametrize(
    ("ending", "expected", "first_line"),
    [
        pytest.param(
            other(State.GONE),
            SluiceInfrastructureError,
            "Cannot finish job 'clean-departures': pod jobs/flights-1 is gone and took its result with it. It was "
            "deleted, or its node was lost. The next try runs again and finds out from the ledger what was published.",
            id="pod gone",
        ),
        pytest.param(
            other(State.RUNNING, detail="the task's timeout"),
            SluiceInfrastructureError,
            "Cannot finish job 'clean-departures': pod jobs/flights-1 was given up while it was running: "
            "the task's timeout. Look at the cluster and at the task's time limits.",
            id="given up",
        ),
        pytest.param(
            other(State.RUNNING, reason="Evicted", detail="The node was low on disk.", interrupted=True),
            SluiceInfrastructureError,
            "Cannot finish job 'clean-departures': pod jobs/flights-1 was deleted, evicted or killed while it was "
            "running (Evicted: The node was low on disk.). Nothing was half published; the next try runs again.",
            id="pod is being evicted",
        ),
        pytest.param(
            other(State.FAILED, detail="Disk is full."),
            SluiceInfrastructureError,
            "Cannot finish job 'clean-departures': pod jobs/flights-1 has failed and left no receipt (Disk is full). "
            "Look at its log. The next try runs again and finds out from the ledger what was published.",
            id="failed without an exit code",
        ),
        pytest.param(
            other(State.FAILED, detail="Disk is full.", message=text(receipt())),
            SluiceReceiptError,
            "Cannot finish job 'clean-departures': pod jobs/flights-1 has failed (Disk is full), but its receipt says "
            "COMMITTED. The result is not known; the next try finds out from the ledger.",
            id="failed without an exit code, published",
        ),
        pytest.param(
            ended(137, reason="Error", interrupted=True),
            SluiceInfrastructureError,
            "Cannot finish job 'clean-departures': pod jobs/flights-1 was deleted, evicted or killed while it was "
            "running. Nothing was half published; the next try runs again.",
            id="pod deleted",
        ),
        pytest.param(
            ended(143, reason="Evicted", detail="The node was low on memory.", interrupted=True),
            SluiceInfrastructureError,
            "Cannot finish job 'clean-departures': pod jobs/flights-1 was deleted, evicted or killed while it was "
            "running (Evicted: The node was low on memory.). Nothing was half published; the next try runs again.",
            id="pod evicted",
        ),
        pytest.param(
            other(State.NOT_STARTED, reason="ErrImagePull", detail="manifest unknown"),
            SluiceConfigError,
            f"Cannot start job 'clean-departures': image {IMAGE} cannot be pulled (ErrImagePull): manifest unknown. "
            "Push the image, or correct it in the manifest, the connection or the operator.",
            id="image not found",
        ),
        pytest.param(
            other(State.NOT_STARTED, reason="ImagePullBackOff", detail="dial tcp: connection refused"),
            SluiceInfrastructureError,
            f"Cannot start job 'clean-departures': image {IMAGE} cannot be pulled (ImagePullBackOff): "
            "dial tcp: connection refused. "
            "Push the image, or correct it in the manifest, the connection or the operator.",
            id="registry down",
        ),
        pytest.param(
            other(State.NOT_STARTED, reason="CreateContainerConfigError", detail='secret "lake" not found'),
            SluiceConfigError,
            "Cannot start job 'clean-departures': pod jobs/flights-1 cannot be set up (CreateContainerConfigError): "
            'secret "lake" not found. '
            "Create the secret, volume or account that it names, or correct the connection.",
            id="secret missing",
        ),
        pytest.param(
            other(State.NOT_STARTED, reason="Unschedulable", detail="0/1 nodes are available: 1 Insufficient memory."),
            SluiceInfrastructureError,
            "Cannot start job 'clean-departures': pod jobs/flights-1 did not start (Unschedulable): "
            "0/1 nodes are available: 1 Insufficient memory. See that the cluster has room for the job's resources.",
            id="no room",
        ),
        pytest.param(
            ended(128, reason="StartError", message="exec /bin/run: no such file", image=IMAGE),
            SluiceConfigError,
            f"Cannot start job 'clean-departures': the container of image {IMAGE} cannot run (StartError): "
            "exec /bin/run: no such file. "
            "Check that the image is a Sluice image for this machine's architecture.",
            id="no entry point",
        ),
    ],
)
def test_what_the_platform_did_is_said(ending: Ending, expected: type[SluiceError], first_line: str) -> None:
    error = verdict(ending)

    assert type(error) is expected
    assert str(error).splitlines()[0] == first_line


def test_a_deleted_pod_that_had_ended_well_is_green() -> None:
    assert judged(ended(0, receipt(), interrupted=True)).published


def test_a_failure_fits_one_screen() -> None:
    many = "\n".join(f"/expectations/{n}: unknown type" for n in range(200))
    document = failed(2, "CONFIG", f"Cannot read suite 'departures':\n{many}")
    document["error"]["stack"] = ["x" * 5000] * 50
    error = verdict(ended(2, document, log_tail=("y" * 5000,) * 50))

    lines = str(error).splitlines()
    assert len(lines) <= MAX_LINES
    assert max(map(len, lines)) <= 200
    assert "  exit code  2" in lines


def test_no_receipt_of_nonsense_breaks_the_text() -> None:
    document = receipt(
        quality={"failed": [7, {}], "unsuccessful": 2}, memory={"limit_bytes": "much"}, timings={"total_ms": "long"}
    )

    assert success_text(judged(ended(0, document))).startswith("COMMITTED clean-departures")


def test_texts_as_people_see_them(golden: Callable[[str, Any], None]) -> None:
    bug = failed(70, "BUG", "Cannot transform flights: column 'dep_dely' does not exist. Correct the job.")
    refused = receipt(
        status="REFUSED",
        exit_code=3,
        phase="gate",
        error={
            "kind": "DATA",
            "phase": "gate",
            "message": "Cannot publish flights.departures: 9 % of the rows fail. Look at the quarantine.",
            "retryable": False,
            "stack": [],
        },
    )
    oom = receipt(status="RUNNING", phase="transform", exit_code=None, rows=None, quality=None)
    texts = [
        success_text(judged(ended(0, receipt()))),
        success_text(judged(ended(0, receipt(warnings=["1,240 files were written. Partition more coarsely"])))),
        str(verdict(ended(70, bug, reason="Error", image=IMAGE, memory_limit="2Gi"))),
        str(verdict(ended(3, refused, reason="Error", image=IMAGE, memory_limit="2Gi"))),
        str(
            verdict(ended(137, oom, reason="OOMKilled", image=IMAGE, memory_limit="2Gi", log_tail=("transform 12 %",)))
        ),
    ]

    golden("texts.txt", "\n\n".join(texts))
