"""Raw files become articles, or rejections with a reason.

`discover` finds the inputs, `fetch.download` fetches remote ones to files, `read` yields the articles and rejections of
one input, `stories.cluster` finds near-identical articles. Nothing here knows what is done with an article.
"""

from stance.ingest.options import Columns, FetchOptions, ReadOptions, SourceConfig
from stance.ingest.read import read
from stance.ingest.sources import Discovery, SourceRef, discover

__all__ = ["Columns", "Discovery", "FetchOptions", "ReadOptions", "SourceConfig", "SourceRef", "discover", "read"]
