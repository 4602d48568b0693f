"""The node that pods are measured on."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cluster import Cluster, NoClusterError


@contextmanager
def node() -> Iterator[tuple[Cluster, Path, ExitStack]]:
    """Have a cluster with the jobs' namespace, a folder to work in, and what ends all that is started meanwhile."""
    with ExitStack() as until:
        work = Path(until.enter_context(tempfile.TemporaryDirectory(prefix="sluice-bench.", dir="/tmp")))
        try:
            cluster = Cluster.up(until)
        except NoClusterError as reason:
            sys.exit(f"bench: {reason}")
        cluster.namespace(until)
        yield cluster, work, until
