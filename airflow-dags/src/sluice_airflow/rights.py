"""What whoever launches jobs may ask of Kubernetes: ``containers/rbac.yaml`` grants this, and nothing more."""

from __future__ import annotations

#: Verb and resource, in the namespace of the jobs.
LAUNCHER_RIGHTS = (
    ("create", "pods"),
    ("get", "pods"),
    ("list", "pods"),
    ("patch", "pods"),
    ("delete", "pods"),
    ("get", "pods/log"),
    ("list", "events"),
)
