"""What gunicorn does when a worker has started: open what the first request would wait for."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from minplan.core.access import Access
from minplan.core.errors import MinplanError


def post_worker_init(worker: Any) -> None:
    """Open the plan and the layers of today; a workspace without a plan is served all the same."""
    from minplan.database.acting import act_as  # noqa: PLC0415 (Django is set up by now)
    from minplan.web.desk import workspace  # noqa: PLC0415

    try:
        with act_as(Access.of_system()):
            workspace().desk(dt.date.today())
    except MinplanError as error:
        logging.getLogger("minplan.workers").warning(error.message.en)
