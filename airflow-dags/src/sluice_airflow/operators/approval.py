"""Asks a person before a job runs, with the job's plan in the question.

This module stands on Airflow's standard provider, so it is imported only by a DAG that asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import ApprovalOperator

from sluice_airflow.exceptions import SluiceReceiptError

if TYPE_CHECKING:
    from airflow.sdk import Context


class SluiceApprovalOperator(ApprovalOperator):
    """Waits until a person approves of a job's plan; rejected, the job and all that waits for it are skipped.

    It asks nobody where the plan says that a run would change nothing.

    :param job: name of the job that waits for the answer.
    :param plan_task_id: id of the task that has made the plan.
    :param ask: ``destructive``: only if the plan takes something away from readers; or ``always``.
    """

    def __init__(self, *, job: str, plan_task_id: str, ask: str = "destructive", **kwargs: Any):
        super().__init__(**{"subject": f"Run job {job} as planned?", **kwargs})
        self.job = job
        self.plan_task_id = plan_task_id
        self.ask = ask

    def execute(self, context: Context) -> Any:
        """Look at the plan, and ask if there is something to ask."""
        plan = context["ti"].xcom_pull(task_ids=self.plan_task_id)
        if not isinstance(plan, Mapping):
            raise SluiceReceiptError(
                f"Cannot ask for approval of job '{self.job}': task {self.plan_task_id} has left no plan. "
                "Clear that task to plan again."
            )
        if not self._asks(plan):
            self.log.info("Nobody is asked: the plan of %s has nothing to approve.", self.job)
            return None
        self.body = question(plan)
        return super().execute(context)

    def _asks(self, plan: Mapping[str, Any]) -> bool:
        if self.ask == "always":
            return not plan["already_committed"] or bool(plan["register"])
        return bool(plan["destructive"])


def question(plan: Mapping[str, Any]) -> str:
    """Return the plan as Markdown: what it takes away first."""
    lost = [f"- {line}" for line in plan["destructive"]]
    head = ["This would take away from readers:", "", *lost, ""] if lost else []
    return "\n".join([*head, "```", plan["text"], "```"])
