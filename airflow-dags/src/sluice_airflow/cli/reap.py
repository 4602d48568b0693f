"""``sluice-airflow reap``: pods whose task nobody waits for any more."""

from __future__ import annotations

import argparse
from datetime import datetime, timezone
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from sluice_airflow.orphans import Judged

HELP = "find pods whose task has ended, and delete them"
DESCRIPTION = (
    "Finds pods of Sluice that still run although their task instance has ended, and says what it would do; "
    "deletes them with --yes. It asks Airflow's database, so it runs where the scheduler can."
)

#: Between a pod's birth and the first row that tells of it lie seconds; a pod that young is never touched.
MIN_GRACE_MINUTES = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--conn-id", default="sluice_default", metavar="ID", help="connection (default: sluice_default)"
    )
    parser.add_argument("--namespace", metavar="NAME", help="namespace (default: the connection's)")
    parser.add_argument(
        "--grace", type=_minutes, default=10, metavar="MINUTES", help="leave pods younger than this (default: 10)"
    )
    parser.add_argument("--ended", action="store_true", help="pods that have ended and were kept, too")
    parser.add_argument("--unknown", action="store_true", help="pods of tasks that this Airflow does not know, too")
    parser.add_argument("--yes", action="store_true", help="delete them")


def run(arguments: argparse.Namespace, out: TextIO) -> int:
    """Say which pods are orphans; delete them if that is wanted."""
    from sluice_airflow.hooks.sluice import SluiceHook
    from sluice_airflow.orphans import Pods, is_orphan, judge_pods, task_states

    settings = SluiceHook(arguments.conn_id).get_conn()
    pods = Pods.of(settings, arguments.namespace)
    found = judge_pods(pods.ours(), task_states, now=datetime.now(timezone.utc), grace_minutes=arguments.grace)
    orphans = [pod for pod in found if is_orphan(pod, ended=arguments.ended, unknown=arguments.unknown)]
    for pod in found:
        out.write(_line(pod, pod in orphans))
    if not arguments.yes:
        hint = "; --yes deletes them" if orphans else ""
        out.write(f"{len(orphans)} of {len(found)} pods in {pods.namespace} are orphans{hint}\n")
        return 0
    deleted = sum(pods.delete(pod) for pod in orphans)
    out.write(f"deleted {deleted} of {len(orphans)} orphans in {pods.namespace}\n")
    return 0 if deleted == len(orphans) else 1


def _line(pod: Judged, orphan: bool) -> str:
    return f"{'orphan' if orphan else 'keep':<7} {pod.name}  {pod.phase}, {pod.why}\n"


def _minutes(text: str) -> int:
    if not text.isdigit() or int(text) < MIN_GRACE_MINUTES:
        raise argparse.ArgumentTypeError(f"must be {MIN_GRACE_MINUTES} or more minutes")
    return int(text)
