"""The AWS emulator, with a Glue that compares versions.

AWS refuses an UpdateTable whose VersionId is no longer the table's newest, and Iceberg's and Sluice's commits rest on
that; the emulator ignores it. Compared here as AWS documents it:
https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateTable.html
"""

from __future__ import annotations

import threading

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.glue.responses import GlueResponse
from moto.server import main

_one_at_a_time = threading.Lock()
_update_table = GlueResponse.update_table


def _compared(response: GlueResponse) -> ActionResult:
    wanted = response.parameters.get("VersionId")
    with _one_at_a_time:
        if wanted is not None:
            table = response.parameters["TableInput"]["Name"]
            there = response.glue_backend.get_table(response.parameters["DatabaseName"], table).as_dict()["VersionId"]
            if there != wanted:
                reason = f"Table {table} is at version {there}, not {wanted}"
                raise JsonRESTError("ConcurrentModificationException", reason)
        return _update_table(response)


if __name__ == "__main__":
    GlueResponse.update_table = _compared
    main()
