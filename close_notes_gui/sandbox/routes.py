"""Which rule answers which path of the API host.

Any thread, under FakeClose's lock. Holds no state of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from close_notes_gui.sandbox import fields, names
from close_notes_gui.sandbox.access import Access
from close_notes_gui.sandbox.comments import CommentBook
from close_notes_gui.sandbox.events import list_events
from close_notes_gui.sandbox.exchange import Json, Request, Response, json_response, refuse
from close_notes_gui.sandbox.files import FileStore
from close_notes_gui.sandbox.leads import LeadBook
from close_notes_gui.sandbox.notes import NoteBook
from close_notes_gui.sandbox.search import Search
from close_notes_gui.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has been let in, with what every rule needs of it."""

    request: Request
    user_id: str
    params: fields.Params
    offset_h: float
    item: str = ""

    def body(self) -> Json:
        """The JSON object sent."""
        return fields.body_object(self.request)


Rule = Callable[["Routes", Call], Response]


@dataclass(frozen=True, slots=True)
class Routes:
    """Invariant: a path without its last slash, or unknown, is 404; a wrong method 405."""

    world: World
    access: Access
    leads: LeadBook
    notes: NoteBook
    files: FileStore
    comments: CommentBook
    search: Search

    def answer(self, request: Request) -> Response:
        """The answer of the API host; Refusal or Throttled otherwise."""
        segments = request.path.split("/")
        if request.path.startswith("/go/file/"):
            self.access.user_of(request)
            if request.method != "GET":
                raise refuse(405, "Method not allowed.")
            return self.files.download(self._downloadable(request.path), request)
        if segments[:3] != ["", "api", "v1"] or segments[-1] != "":
            raise refuse(404, "Not found.")
        user_id = self.access.user_of(request)
        request, params = _overridden(request)
        methods, item = _routed([unquote(segment) for segment in segments[3:-1]])
        rule = methods.get(request.method)
        if rule is None:
            raise refuse(405, f"Method {request.method} is not allowed.")
        self.access.count(request, segments[3])
        return rule(self, Call(request, user_id, params, fields.offset_h(request), item))

    def _downloadable(self, path: str) -> Any:
        """The file at a path; only the exact addresses that were handed out work."""
        stored = self.files.find(path)
        if stored is None:
            return None
        if path.startswith("/go/file/persisted/"):
            note_id = next(
                (segment for segment in path.split("/") if segment.startswith("acti_")), ""
            )
            shown = self.notes.shown(self.notes.get(note_id))["attachments"]
            plain = path.removesuffix("thumbnail/")
            return stored if any(one["url"].endswith(plain) for one in shown) else None
        return stored if stored.temporary_url.endswith(path) else None


def _overridden(request: Request) -> tuple[Request, fields.Params]:
    """The request as meant: a POST may stand for a GET with a long query."""
    if request.header("x-http-method-override") is None:
        return request, dict(request.query)
    if (
        request.method != "POST"
        or (request.header("x-http-method-override") or "").upper() != "GET"
    ):
        raise refuse(400, "Only a POST can stand for a GET.")
    body = fields.body_object(request)
    fields.only_known(body, {"_params"})
    if not isinstance(body.get("_params"), dict):
        raise refuse(400, "_params must be an object.")
    params = {
        name: ",".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in body["_params"].items()
    }
    return replace(request, method="GET"), params


def _routed(segments: list[str]) -> tuple[dict[str, Rule], str]:
    methods = _EXACT.get("/".join(segments))
    if methods is not None:
        return methods, ""
    methods = _ITEMS.get("/".join(segments[:-1]))
    if methods is None or not segments[-1]:
        raise refuse(404, "Not found.")
    return methods, segments[-1]


def _me(routes: Routes, call: Call) -> Response:
    return json_response(fields.cut_one(routes.access.me(call.user_id), call.params))


def _users(routes: Routes, call: Call) -> Response:
    fields.only_known_params(call.params, {"_order_by"})
    users = [routes.world.user(user_id) for user_id in routes.world.user_ids]
    for name in reversed(
        call.params.get("_order_by", "").split(",") if "_order_by" in call.params else []
    ):
        key = name.removeprefix("-")
        if key not in ("first_name", "last_name", "email", "date_created"):
            raise refuse(400, f"Cannot order by {name}.")
        users.sort(key=lambda user: str(user[key]).casefold(), reverse=name.startswith("-"))
    return json_response(fields.page(users, call.params))


def _user(routes: Routes, call: Call) -> Response:
    if call.item not in routes.world.user_ids:
        raise refuse(404, "User not found.")
    return json_response(fields.cut_one(routes.world.user(call.item), call.params))


def _groups(routes: Routes, call: Call) -> Response:
    if "_fields" not in call.params:
        raise refuse(400, "_fields is required.")
    fields.only_known_params(call.params, ())
    groups = [
        {"id": group_id, "name": name, "organization_id": routes.world.organization_id}
        for group_id, name in zip(routes.world.group_ids, names.GROUPS, strict=True)
    ]
    return json_response(fields.page(groups, call.params))


def _statuses(routes: Routes, call: Call) -> Response:
    fields.only_known_params(call.params, ())
    return json_response(fields.page(routes.world.statuses(), call.params))


def _leads(routes: Routes, call: Call) -> Response:
    return json_response(routes.search.list_leads(call.params))


def _lead(routes: Routes, call: Call) -> Response:
    return json_response(
        fields.cut_one(routes.leads.shown(routes.leads.get(call.item)), call.params)
    )


def _contacts(routes: Routes, call: Call) -> Response:
    return json_response(routes.leads.list_contacts(call.params))


def _contact(routes: Routes, call: Call) -> Response:
    lead, contact = routes.leads.home_of(call.item)
    return json_response(fields.cut_one(routes.leads.shown_contact(contact, lead.id), call.params))


def _search(routes: Routes, call: Call) -> Response:
    return json_response(routes.search.answer(call.body(), offset_hours=call.offset_h))


def _notes(routes: Routes, call: Call) -> Response:
    return json_response(routes.notes.list(call.params, offset_hours=call.offset_h))


def _create_note(routes: Routes, call: Call) -> Response:
    return json_response(routes.notes.create(call.body(), call.user_id, offset_hours=call.offset_h))


def _note(routes: Routes, call: Call) -> Response:
    return json_response(
        fields.cut_one(routes.notes.shown(routes.notes.get(call.item)), call.params)
    )


def _update_note(routes: Routes, call: Call) -> Response:
    return json_response(
        routes.notes.update(call.item, call.body(), call.user_id, offset_hours=call.offset_h)
    )


def _delete_note(routes: Routes, call: Call) -> Response:
    routes.notes.delete(call.item, call.user_id)
    return json_response({})


def _sign(routes: Routes, call: Call) -> Response:
    return json_response(routes.files.sign(call.body(), call.user_id))


def _events(routes: Routes, call: Call) -> Response:
    return json_response(list_events(routes.world, call.params, offset_hours=call.offset_h))


def _comments(routes: Routes, call: Call) -> Response:
    return json_response(routes.comments.list(call.params))


def _create_comment(routes: Routes, call: Call) -> Response:
    return json_response(routes.comments.create(call.body(), call.user_id), status=201)


_EXACT: dict[str, dict[str, Rule]] = {
    "me": {"GET": _me},
    "user": {"GET": _users},
    "group": {"GET": _groups},
    "status/lead": {"GET": _statuses},
    "lead": {"GET": _leads},
    "contact": {"GET": _contacts},
    "data/search": {"POST": _search},
    "activity/note": {"GET": _notes, "POST": _create_note},
    "files/upload": {"POST": _sign},
    "event": {"GET": _events},
    "comment": {"GET": _comments, "POST": _create_comment},
}
_ITEMS: dict[str, dict[str, Rule]] = {
    "user": {"GET": _user},
    "lead": {"GET": _lead},
    "contact": {"GET": _contact},
    "activity/note": {"GET": _note, "PUT": _update_note, "DELETE": _delete_note},
}
