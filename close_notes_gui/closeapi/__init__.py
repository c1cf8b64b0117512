"""Close over HTTP: typed calls in, frozen values out, one tree of errors.

Engine thread and upload threads. Never touches the database or Qt.
"""
