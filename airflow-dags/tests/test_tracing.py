"""Whether a job learns which span of Airflow's trace it belongs to."""

from __future__ import annotations

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from opentelemetry.trace.propagation import tracecontext

from sluice_airflow.launchers.scale import OWN_VARIABLES
from sluice_airflow.tracing import trace_environment

SPAN = SpanContext(
    trace_id=0x0AF7651916CD43DD8448EB211C80319C,
    span_id=0xB7AD6B7169203331,
    is_remote=False,
    trace_flags=TraceFlags(TraceFlags.SAMPLED),
)


def test_a_job_is_told_the_tasks_span() -> None:
    with trace.use_span(NonRecordingSpan(SPAN)):
        told = trace_environment()

    assert told == {"TRACEPARENT": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}


def test_without_a_trace_there_is_nothing_to_tell() -> None:
    assert trace_environment() == {}


def test_what_goes_wrong_there_fails_no_task(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def inject(*_: object) -> None:
        raise RuntimeError("no context")

    monkeypatch.setattr(tracecontext.TraceContextTextMapPropagator, "inject", inject)

    assert trace_environment() == {}
    assert "Cannot tell the job which span it belongs to, for OpenTelemetry: no context" in caplog.text


@pytest.mark.parametrize("name", ["TRACEPARENT", "TRACESTATE"])
def test_executors_do_not_have_the_drivers_span(name: str) -> None:
    assert OWN_VARIABLES.fullmatch(name)
