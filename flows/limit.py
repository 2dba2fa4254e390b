"""An end for runs that hang: the run of a deployment may take so long, then it fails, is told of, and its process ends.

A deployment lets one run at a time (`prefect.yaml`, `serve`), and Prefect cancels each new run while one is going on.
So a run that never ends would cost every run after it, and no one would hear of it. Prefect's own timeout of a flow
does not help: it waits for the flow's threads, and those are what hangs.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from prefect.client.orchestration import get_client
from prefect.runtime import deployment, flow_run
from prefect.states import Failed

from flows.notify import tell


@contextmanager
def limited(hours: float, notify: str) -> Iterator[None]:
    """End this process with the run as Failed (TimedOut) if the block takes longer, where the run is a deployment's.

    A worker starts a process for every run, so nothing else ends with it; a flow that a program calls keeps no other
    from running and has no limit.
    """
    if not deployment.id:
        yield
        return
    timer = threading.Timer(hours * 3600, _end, (str(flow_run.id), str(flow_run.name), hours, notify))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _end(run: str, name: str, hours: float, notify: str) -> None:
    message = f"not done after {hours:g} hours; its process was ended, the next run goes on from what was finished"
    try:
        with suppress(Exception), get_client(sync_client=True) as client:
            client.set_flow_run_state(run, Failed(name="TimedOut", message=message), force=True)
        with suppress(Exception):
            tell(notify, f"stance: daily-news {name} TimedOut", message)
    finally:
        os._exit(1)
