"""The form of "Trigger DAG": the jobs' settings as Airflow params, from the JSON Schema in the manifest.

An empty field says nothing: the job then gets what its connection, its environment or its own default says. So the
form can be there for every DAG, and a scheduled run is the same with it and without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airflow.sdk import Param

from sluice_airflow.manifest import Job

INTERVAL_START = "interval-start"
INTERVAL_END = "interval-end"

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float)}

#: What of a setting's schema Airflow's form understands as well.
_KEPT = ("enum", "format", "minimum", "maximum", "minLength", "maxLength", "pattern")


def settings_params(jobs: Sequence[Job], settings: Mapping[str, Any]) -> dict[str, Param]:
    """Return a param for every setting that the form can ask for.

    Not asked for are secrets, settings that jobs declare differently, and those to which ``settings`` gives what no
    form can show: a template, a task's output, a value of another type.

    :param settings: what the DAG gives; it is filled in, and whoever triggers a run may overwrite it.
    """
    params = {}
    for name in sorted({name for job in jobs for name in job.settings - job.secrets}):
        declared = [job for job in jobs if name in job.settings]
        schemas = [_typed(job.schemas[name]) for job in declared]
        if name in settings and not _shows(schemas[0], settings[name]):
            continue
        if all(schema == schemas[0] for schema in schemas):
            params[name] = _param(name, declared, schemas[0], settings.get(name))
    return params


def interval_params(jobs: Sequence[Job]) -> dict[str, Param]:
    """Return the two params that give a run an interval of its own, where a job needs one."""
    declared = {name for job in jobs for name in job.settings}
    if not any(job.needs_interval for job in jobs) or declared & {INTERVAL_START, INTERVAL_END}:
        return {}
    words = {INTERVAL_START: "Begin of the interval, inclusive.", INTERVAL_END: "End of the interval, exclusive."}
    return {
        name: Param(
            None, description=f"{text} Empty: as scheduled.", type=["null", "string"], format="date-time", title=name
        )
        for name, text in words.items()
    }


def interval_template(name: str, otherwise: str) -> str:
    """Return the template of an interval's bound: what the form says, if it says anything of the interval."""
    form = f"params['{INTERVAL_START}'] or params['{INTERVAL_END}']"
    return f"{{% if {form} %}}{{{{ params['{name}'] or '' }}}}{{% else %}}{otherwise}{{% endif %}}"


def _typed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """What a value must look like; an empty field can say of no boolean that it is neither, so it is a choice."""
    if schema.get("type") == "boolean":
        return {"type": "string", "enum": ["true", "false"]}
    return {"type": schema.get("type", "string"), **{key: schema[key] for key in _KEPT if key in schema}}


def _shows(schema: Mapping[str, Any], value: Any) -> bool:
    if isinstance(value, bool):
        return schema.get("enum") == ["true", "false"]
    if isinstance(value, str) and ("{{" in value or "{%" in value):
        return False
    return isinstance(value, _PYTHON_TYPES.get(schema["type"], ())) and value in schema.get("enum", [value])


def _param(name: str, jobs: Sequence[Job], schema: Mapping[str, Any], value: Any) -> Param:
    nullable = {**schema, "type": ["null", schema["type"]]}
    if "enum" in schema:
        nullable["enum"] = [None, *schema["enum"]]
    filled = str(value).lower() if isinstance(value, bool) else value
    return Param(filled, description=_description(name, jobs, filled), title=name, **nullable)


def _description(name: str, jobs: Sequence[Job], filled: Any) -> str:
    texts = dict.fromkeys(str(text) for job in jobs if (text := job.schemas[name].get("description")))
    defaults = {str(job.schemas[name].get("default")) for job in jobs}
    if filled is not None:
        empty = f"Empty: {filled}, as the DAG says."
    elif any(name in job.required for job in jobs):
        empty = "Empty: as the connection says, which then must."
    elif len(defaults) == 1 and defaults != {""}:
        empty = f"Empty: {defaults.pop()}, unless the connection says otherwise."
    else:
        empty = "Empty: as the connection or the job says."
    return " ".join([*texts, empty, f"For {', '.join(job.name for job in jobs)}."])
