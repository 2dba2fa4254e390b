"""Who is for and against whom in the news.

Holds the version and nothing else, so that `import stance` costs nothing; import the stages by their modules.
"""

__version__ = "0.1.0"
