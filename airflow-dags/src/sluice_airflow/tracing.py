"""What makes a job's trace a part of its task's."""

from __future__ import annotations

import logging

log = logging.getLogger("airflow.task.sluice")


def trace_environment() -> dict[str, str]:
    """Return the variables by which a job learns of the task's span, where Airflow traces; never raises."""
    carrier: dict[str, str] = {}
    try:
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        TraceContextTextMapPropagator().inject(carrier)
    except ImportError:
        return {}
    except Exception as error:  # to tell where a job comes from is a courtesy
        log.warning("Cannot tell the job which span it belongs to, for OpenTelemetry: %s", error)
        return {}
    return {name.upper(): value for name, value in carrier.items()}
