"""When, where and how often the pipeline runs; each task is one call into `stance.pipeline`, no more."""
