"""Comments on notes: `POST /comment/` and `GET /comment/`.

Any thread, under FakeClose's lock. Lists lag like the lists of notes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from close_notes_gui.sandbox import fields, xhtml
from close_notes_gui.sandbox.exchange import Json, refuse_fields
from close_notes_gui.sandbox.notes import NoteBook
from close_notes_gui.sandbox.world import World, iso, to_ms


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment on one note."""

    id: str
    object_id: str
    body: str
    user_id: str
    created_at: datetime


class CommentBook:
    """Invariant: the counts that notes show equal the comments held here."""

    def __init__(self, world: World, notes: NoteBook) -> None:
        self._world = world
        self._notes = notes
        self._comments: list[Comment] = []

    def create(self, body: Json, user_id: str) -> Json:
        """The answer (201) of ``POST /comment/``."""
        fields.only_known(body, {"object_id", "body"})
        for name in ("object_id", "body"):
            if not fields.text(body, name):
                raise refuse_fields({name: "This field is required."})
        note = self._notes.get(body["object_id"])
        xhtml.checked(body["body"], "body")
        now = to_ms(self._world.now())
        comment = Comment(self._world.mint("comm"), note.id, body["body"], user_id, now)
        self._comments.append(comment)
        counts = self._notes.comment_counts
        counts[note.id] = counts.get(note.id, 0) + 1
        return self._shown(comment)

    def list(self, params: fields.Params) -> Json:
        """The answer of ``GET /comment/``, oldest first."""
        fields.only_known_params(params, {"object_id"})
        if "object_id" not in params:
            raise refuse_fields({"object_id": "This field is required."})
        self._notes.get(params["object_id"])
        moment = self._world.now() - timedelta(seconds=self._world.behaviour.read_lag_s)
        found = [
            one
            for one in self._comments
            if one.object_id == params["object_id"] and one.created_at <= moment
        ]
        return fields.page([self._shown(one) for one in found], params)

    def all(self) -> tuple[Comment, ...]:
        """The comments that exist now, whatever lists show."""
        return tuple(self._comments)

    def _shown(self, comment: Comment) -> Json:
        return {
            "id": comment.id,
            "object_id": comment.object_id,
            "object_type": "activity.note",
            "thread_id": f"thread_{comment.object_id[5:]}",
            "body": comment.body,
            "mentions": xhtml.mentions(xhtml.checked(comment.body, "body")),
            "created_by": comment.user_id,
            "created_by_name": self._world.user_name(comment.user_id),
            "updated_by": comment.user_id,
            "organization_id": self._world.organization_id,
            "date_created": iso(comment.created_at),
            "date_updated": iso(comment.created_at),
        }
