"""What must survive: drafts, outbox, attachments, cached leads and notes, in SQLite.

Engine thread. Never touches the network or Qt.
"""
