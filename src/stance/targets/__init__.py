"""Targets: what a stance is towards, and where a paragraph names it."""

from stance.targets.catalog import Catalog, load, shipped
from stance.targets.coverage import Report, check
from stance.targets.mentions import MentionFinder

__all__ = ["Catalog", "MentionFinder", "Report", "check", "load", "shipped"]
