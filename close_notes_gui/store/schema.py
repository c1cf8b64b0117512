"""The tables, and the steps from each version of the schema to the next.

Engine thread only. A step is never changed once released; a new version adds one.
Times are whole microseconds since 1970 UTC; problems and contacts are JSON.
"""

from collections.abc import Sequence

# The order of the steps is the version: after step n, `PRAGMA user_version` is n.
FIRST = (
    """
    CREATE TABLE draft (
        id TEXT PRIMARY KEY NOT NULL,
        place TEXT NOT NULL CHECK (place IN ('open', 'discarded', 'queued')),
        lead_id TEXT,
        lead_name TEXT NOT NULL,
        note_html TEXT NOT NULL,
        title TEXT NOT NULL,
        contact_id TEXT,
        activity_at INTEGER,
        pinned INTEGER NOT NULL,
        cursor_position INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        changed_at INTEGER,
        discarded_at INTEGER
    ) STRICT
    """,
    "CREATE INDEX draft_by_place ON draft (place, changed_at)",
    """
    CREATE TABLE attachment (
        id TEXT PRIMARY KEY NOT NULL,
        draft_id TEXT NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        filename TEXT NOT NULL,
        content_type TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        state TEXT NOT NULL,
        problem TEXT,
        url TEXT,
        uploaded_at INTEGER,
        source TEXT,
        kept_path TEXT,
        kept_bytes INTEGER,
        kept_mtime_ns INTEGER,
        kept_sha256 TEXT,
        kept_is_copy INTEGER
    ) STRICT
    """,
    "CREATE INDEX attachment_by_draft ON attachment (draft_id, position)",
    """
    CREATE TABLE minted_url (
        url TEXT PRIMARY KEY NOT NULL,
        draft_id TEXT NOT NULL,
        attachment_id TEXT NOT NULL,
        minted_at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX minted_by_draft ON minted_url (draft_id)",
    """
    CREATE TABLE outbox (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        draft_id TEXT NOT NULL UNIQUE REFERENCES draft (id),
        state TEXT NOT NULL,
        queued_at INTEGER NOT NULL,
        not_before INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_try_at INTEGER,
        problem TEXT,
        note_id TEXT UNIQUE,
        look_alike_html TEXT,
        look_alike_id TEXT,
        token INTEGER NOT NULL,
        first_posted_at INTEGER,
        sent_at INTEGER,
        heals_left INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE TABLE token (second INTEGER PRIMARY KEY NOT NULL, outbox_id TEXT NOT NULL) STRICT",
    "CREATE TABLE claim (note_id TEXT PRIMARY KEY NOT NULL, outbox_id TEXT NOT NULL) STRICT",
    """
    CREATE TABLE lead (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        status_label TEXT NOT NULL,
        contacts TEXT NOT NULL,
        url TEXT NOT NULL,
        updated_at INTEGER,
        fetched_at INTEGER NOT NULL,
        opened_at INTEGER
    ) STRICT
    """,
    "CREATE INDEX lead_by_opened ON lead (opened_at) WHERE opened_at IS NOT NULL",
    """
    CREATE TABLE note (
        id TEXT PRIMARY KEY NOT NULL,
        lead_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX note_by_lead ON note (lead_id, position)",
    """
    CREATE TABLE notes_of_lead (
        lead_id TEXT PRIMARY KEY NOT NULL,
        fetched_at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE TABLE fact (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT",
)

# What is done to notes that are in Close: edits (drafts with a base), amendments; and templates.
SECOND = (
    "ALTER TABLE draft ADD COLUMN base TEXT",  # the note an edit began from, as JSON
    "ALTER TABLE draft ADD COLUMN kept_files TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE draft ADD COLUMN also_leads TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE outbox ADD COLUMN found TEXT",  # the note as Close has it, as JSON
    "ALTER TABLE notes_of_lead ADD COLUMN is_whole INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE amendment (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        note TEXT NOT NULL,
        body_html TEXT NOT NULL,
        state TEXT NOT NULL,
        asked_at INTEGER NOT NULL,
        not_before INTEGER,
        next_try_at INTEGER,
        problem TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        first_asked_at INTEGER
    ) STRICT
    """,
    """
    CREATE TABLE comment_claim (
        comment_id TEXT PRIMARY KEY NOT NULL,
        amendment_id TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE template (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        note_html TEXT NOT NULL,
        changed_at INTEGER
    ) STRICT
    """,
)

# One note for several leads: the entries that were queued together have the id of the first.
THIRD = ("ALTER TABLE outbox ADD COLUMN batch TEXT",)

# Comments on notes, as last heard of.
FOURTH = (
    """
    CREATE TABLE comment (
        id TEXT PRIMARY KEY NOT NULL,
        note_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX comment_by_note ON comment (note_id, position)",
)

STEPS: tuple[Sequence[str], ...] = (FIRST, SECOND, THIRD, FOURTH)
