"""The first steps of a run: options, places on disk, the log. Main thread; no Qt, no network."""
