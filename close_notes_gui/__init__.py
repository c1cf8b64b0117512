"""Close Notes: a desktop note composer for people who live in the Close CRM.

One picture: widget, command, engine, SQLite commit, event, reduce, view state, widget.
The version stands here and nowhere else.
"""

__version__ = "0.1.0"
