"""What can go wrong with a job: one class for each answer to *what now?*, importable without Kubernetes.

The classes are public API: a retry policy may name them by their dotted path. Those that a retry cannot
cure are an ``AirflowFailException`` as well, so the task fails at once, whatever its ``retries`` says.
"""

from __future__ import annotations

from sluice_airflow._compat import AirflowException, AirflowFailException


class SluiceError(AirflowException):
    """Base of all errors of this package."""


class SluiceConfigError(SluiceError, AirflowFailException):
    """The job, the manifest, the connection or the image is not set up right. Not retried."""


class SluiceContractError(SluiceError, AirflowFailException):
    """An input does not have the columns or types that the job declares. Not retried."""


class SluiceDataError(SluiceError, AirflowFailException):
    """The gate refused the rows, or too many input records could not be read. Not retried."""


class SluiceJobError(SluiceError, AirflowFailException):
    """A bug in the job's own code. Not retried."""


class SluiceSourceError(SluiceError):
    """A source or sink outside the lake did not answer. Retried."""


class SluiceInfrastructureError(SluiceError):
    """The cluster, the catalog or the lake failed the job: evicted, deleted, unreachable. Retried."""


class SluiceTerminated(SluiceInfrastructureError):
    """The job was asked to stop and stopped cleanly; nothing was published. Retried."""


class SluiceTimeout(SluiceInfrastructureError):
    """A time limit was reached: of admission, scheduling, start-up, execution or progress. Retried."""


class SluiceOutOfMemory(SluiceError):
    """The job was killed for memory. Retried."""


class SluiceCommitUnknown(SluiceError):
    """The outcome of the commit is not known; the next try reads the ledger and settles it. Retried."""


class SluiceConflict(SluiceError):
    """Another writer changed the table during the commit. Retried."""


class SluiceReceiptError(SluiceError):
    """No receipt that proves the result: missing, malformed, of another run, or contradicting. Retried."""
