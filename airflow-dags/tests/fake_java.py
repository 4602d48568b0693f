"""Stands in for ``java``: takes the command line of a job and ends as FAKE_JAVA says, under the same contract."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plays
from long_receipts import long_receipt
from receipts import receipt, text

MESSAGE = Path(os.environ["SLUICE_TERMINATION_MESSAGE"])
JAR, COMMAND, JOB = (sys.argv[2], *(sys.argv[4:6] if sys.argv[3] == "runs" else sys.argv[3:5]))
OWN: dict[str, Any] = {
    "job": JOB if COMMAND == "run" else f"{COMMAND}.{JOB}",
    "run_token": os.environ["SLUICE_RUN_TOKEN"],
}
if "--interval" in sys.argv:
    START, _, END = sys.argv[sys.argv.index("--interval") + 1].replace("+00:00", "Z").partition("/")
    OWN |= {"interval": {"start": START, "end": END}, "run_key": f"{JOB}/flights.departures/{START}/{END}"}


#: Where a long receipt is to be left as well, beside the copy that the command line may ask for.
FAKE_LONG = os.environ.get("FAKE_JAVA_LONG")


def keep(message: dict[str, Any]) -> None:
    known = long_receipt(JOB, run_token=OWN["run_token"])
    ended = {key: value for key, value in message.items() if key not in known or key in ("status", "exit_code")}
    places = [FAKE_LONG, sys.argv[sys.argv.index("--receipt") + 1] if "--receipt" in sys.argv else None]
    for place in filter(None, places):
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        Path(place).write_text(text({**known, **ended}))


def end(exit_code: int, message: dict[str, Any] | str) -> None:
    if FAKE_LONG and isinstance(message, dict):
        keep(message)
    MESSAGE.write_text(message if isinstance(message, str) else text(message))
    sys.exit(exit_code)


def wait_politely() -> None:
    signal.signal(signal.SIGTERM, lambda *_: end(143, receipt(**OWN, status="CANCELLED", exit_code=143)))
    wait()


def wait_stubbornly() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    wait()


def wait() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    time.sleep(60)


def plan() -> None:
    """Leave a plan as the image does, which is no receipt."""
    changes = json.loads(os.environ.get("FAKE_JAVA_PLAN", "{}"))
    own = {"job": JOB, "run_token": OWN["run_token"]}
    end(0, plays.plan(own, **{"run_key": OWN.get("run_key", JOB), **changes}))


MODES: dict[str, Callable[[], None]] = {
    "oom": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "polite": wait_politely,
    "stubborn": wait_stubbornly,
}

sys.stdout.write(f"{COMMAND} {JOB} of {Path(JAR).name}\n")
sys.stdout.flush()
sys.stderr.write(plays.LAST_WORDS + "\n")
if seen := os.environ.get("FAKE_JAVA_SEEN"):
    told = {"argv": sys.argv[1:], "env": dict(os.environ), "cwd": str(Path.cwd()), "pid": os.getpid()}
    place = Path(seen)
    (place / OWN["run_token"] if place.is_dir() else place).write_text(json.dumps(told))
if calls := os.environ.get("FAKE_JAVA_LOG"):
    with Path(calls).open("a") as log:
        log.write(json.dumps(sys.argv[3:]) + "\n")
if COMMAND == "plan" and "FAKE_JAVA" not in os.environ:
    plan()
MESSAGE.write_text(text(receipt(**OWN, status="RUNNING", exit_code=None, phase="read", rows=None, quality=None)))
MODE = os.environ.get("FAKE_JAVA", "commit")
if COMMAND == "plan" and MODE == "config":
    end(*plays.no_plan({"job": JOB, "run_token": OWN["run_token"]}))
if COMMAND == "verify":
    end(*plays.verification(MODE, {"job": JOB, "run_token": OWN["run_token"]}))
if MODE in plays.ENDS:
    end(*plays.ENDS[MODE](OWN))
MODES[MODE]()
