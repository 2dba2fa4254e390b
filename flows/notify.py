"""Who is told when a run fails: the Prefect notification block (Slack, mail, webhook) that its parameter names."""

from typing import Any

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.utilities.asyncutils import run_coro_as_sync

from stance import pipeline
from stance.config import RunConfig


def notify_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell of a failed run; the block's name is the run's parameter `notify`."""
    tell(
        str(flow_run.parameters.get("notify", "")),
        f"stance: {flow.name} {flow_run.name} {state.name}",
        state.message or "no message",
    )


def tell_of_feeds(config: RunConfig, block: str) -> None:
    """Tell of outlets that stopped arriving or whose articles shrank, as the tables stand."""
    for feed in pipeline.status(config.out, config).feeds:
        if feed.alarm:
            words = f"newest article {feed.last}, {feed.silent_days} days before the newest of all outlets"
            tell(block, f"stance: {feed.outlet} is {feed.alarm}", f"{words}; usual pause {feed.usual_pause:.0f} days")


def tell(block: str, subject: str, body: str) -> None:
    """Send one message through a block `type/name`; '' sends nothing.

    Raises:
        TypeError: the block is not one that notifies.
    """
    if not block:
        return
    loaded = run_coro_as_sync(Block.aload(block))
    if not isinstance(loaded, NotificationBlock):
        raise TypeError(f"block {block!r} is a {type(loaded).__name__}; expected one that notifies")
    run_coro_as_sync(_notify(loaded, subject, body))


async def _notify(block: NotificationBlock, subject: str, body: str) -> None:
    sent = block.notify(body, subject)
    if sent is not None:
        await sent
