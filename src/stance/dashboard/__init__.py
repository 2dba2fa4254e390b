"""The live board and the one-page report over a run's tables: questions, charts, and the pages that place them."""

from stance.dashboard.server import launch

__all__ = ["launch"]
