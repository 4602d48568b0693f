"""For tests of DAGs that run Sluice jobs: a cluster in memory with faults, tasks without a scheduler, fixtures.

Nothing here is for production. ``pytest_plugins = ["sluice_airflow.testing.plugin"]`` in a ``conftest.py`` gives the
fixtures ``sluice_cluster``, ``sluice_clock`` and ``sluice_process``.
"""
