"""Every lead of the organisation, for search: a database of its own that may be lost any time.

Reads on the engine thread, writes in threads beside it. Never touches the network or Qt.
"""
