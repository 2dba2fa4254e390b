"""Who is told when a run fails: the Prefect notification block (Slack, mail, webhook) that its parameter names."""

from typing import Any

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.utilities.asyncutils import run_coro_as_sync

from stance import pipeline
from stance.config import RunConfig
from stance.errors import ConfigError


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
    """Send one message through a block `type/name`; '' sends nothing. Raises what `channel` does."""
    if block:
        run_coro_as_sync(_notify(channel(block), subject, body))


def channel(block: str) -> NotificationBlock:
    """Load a block `type/name`.

    Raises:
        ConfigError: there is none of this name, its values are wrong, or it is none that notifies.
    """
    try:
        loaded = run_coro_as_sync(Block.aload(block))
    except (ValueError, RuntimeError) as error:  # of a name without /, an unknown block, values that do not fit
        raise ConfigError(f"notify: {block!r}: expected type/name of a saved notification block: {error}") from error
    if not isinstance(loaded, NotificationBlock):
        raise ConfigError(f"notify: {block!r} is a {type(loaded).__name__}; expected one that notifies")
    return loaded


async def _notify(block: NotificationBlock, subject: str, body: str) -> None:
    sent = block.notify(body, subject)
    if sent is not None:
        await sent
