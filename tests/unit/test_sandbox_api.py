"""The fake's front door: credentials, paths, people, parameters, limits."""

import base64

import pytest

from close_notes_gui.sandbox.exchange import Request
from tests.unit.sandbox_caller import Caller, basic, field_errors


@pytest.fixture
def caller() -> Caller:
    return Caller()


def test_the_key_is_the_user_name_and_the_password_is_empty(caller: Caller) -> None:
    key = caller.fake.api_key
    for credentials in [
        (),
        (basic("api_wrong"),),
        (basic(key, "password"),),
        (("Authorization", f"Basic {key}"),),
        (("Authorization", "Basic " + base64.b64encode(key.encode()).decode()),),
        (("Authorization", f"Bearer {key}"),),
    ]:
        caller.auth = credentials
        refused = caller.get("/me/")
        assert refused.status == 401
        assert "error" in refused.json()
        assert key not in str(refused.json())


def test_bearer_tokens_work_only_as_bearer(caller: Caller) -> None:
    token = caller.fake.issue_token(user=2)
    caller.auth = (("Authorization", f"Bearer {token}"),)
    assert caller.ok(caller.get("/me/"))["id"] == caller.fake.user_ids[2]
    caller.auth = (basic(token),)
    assert caller.get("/me/").status == 401


def test_a_revoked_key_is_refused(caller: Caller) -> None:
    assert caller.get("/me/").status == 200
    caller.fake.revoke_key(caller.fake.api_key)
    assert caller.get("/me/").status == 401


def test_me_names_the_user_the_organization_and_its_statuses(caller: Caller) -> None:
    me = caller.ok(caller.get("/me/"))
    assert me["id"] == caller.fake.user_ids[0]
    assert {"email", "first_name", "last_name", "image", "memberships"} <= me.keys()
    statuses = caller.ok(caller.get("/status/lead/"))["data"]
    assert [one["id"] for one in me["organizations"][0]["lead_statuses"]] == [
        one["id"] for one in statuses
    ]


@pytest.mark.parametrize(
    "path", ["/me", "/lead/nothing", "/activity/note", "/nonsense/", "//", "/data/"]
)
def test_paths_without_their_slash_or_unknown_are_not_found(caller: Caller, path: str) -> None:
    assert caller.get(path).status == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/me/"), ("GET", "/data/search/"), ("PATCH", "/activity/note/acti_x/")],
)
def test_wrong_methods_are_refused(caller: Caller, method: str, path: str) -> None:
    assert caller.call(method, path, body={}).status == 405


def test_bodies_must_be_json_objects(caller: Caller) -> None:
    for body, kind, status in [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "text/plain", 415),
    ]:
        request = Request(
            "POST", "/api/v1/activity/note/", (), (*caller.auth, ("Content-Type", kind)), body
        )
        assert caller.fake.handle(request).status == status


def test_users_can_be_ordered_and_paged(caller: Caller) -> None:
    users = caller.ok(caller.get("/user/", _order_by="first_name,last_name"))
    first_names = [user["first_name"].casefold() for user in users["data"]]
    assert first_names == sorted(first_names)
    assert len(first_names) == 12
    assert users["has_more"] is False
    page = caller.ok(caller.get("/user/", _limit=5, _skip=10, _fields="id,last_name"))
    assert [set(user) for user in page["data"]] == [{"id", "last_name"}] * 2
    assert caller.ok(caller.get("/user/", _limit=5))["has_more"] is True
    assert caller.get("/user/", _order_by="shoe_size").status == 400


def test_groups_are_asked_for_by_fields(caller: Caller) -> None:
    assert caller.get("/group/").status == 400
    groups = caller.ok(caller.get("/group/", _fields="id,name"))["data"]
    assert len(groups) == 3
    assert all(set(group) == {"id", "name"} for group in groups)


def test_one_user_and_a_stranger(caller: Caller) -> None:
    user_id = caller.fake.user_ids[3]
    assert caller.ok(caller.get(f"/user/{user_id}/"))["id"] == user_id
    assert caller.get("/user/user_nobody/").status == 404


def test_a_post_may_stand_for_a_long_get(caller: Caller) -> None:
    lead_id = caller.fake.lead_ids(1)[0]
    note = caller.note(lead_id=lead_id)
    override = ("x-http-method-override", "GET")
    found = caller.ok(
        caller.post(
            "/activity/note/",
            {"_params": {"lead_id": lead_id, "_limit": 1, "_fields": ["id", "title"]}},
            override,
        )
    )
    assert found["data"] == [{"id": note["id"], "title": None}]
    assert caller.post("/activity/note/", {"lead_id": lead_id}, override).status == 400
    assert (
        caller.post("/activity/note/", {"_params": {}}, ("x-http-method-override", "DELETE")).status
        == 400
    )


def test_unknown_parameters_are_refused(caller: Caller) -> None:
    assert field_errors(caller.get("/activity/note/", led_id="x")) == {"led_id"}
    assert field_errors(caller.get("/me/", limit="x")) == {"limit"}
    assert field_errors(caller.get("/activity/note/", _limit="many")) == {"_limit"}
    assert field_errors(caller.get("/activity/note/", _skip=1_000_000)) == {"_skip"}


def test_rate_limits_are_off_until_asked_for(caller: Caller) -> None:
    assert all(caller.get("/me/").status == 200 for _ in range(300))


def test_rate_limits_count_per_group_and_key_and_open_again(caller: Caller) -> None:
    caller.fake.behaviour.rate_limit = 3
    assert [caller.get("/me/").status for _ in range(4)] == [200, 200, 200, 429]
    assert caller.get("/user/").status == 200
    caller.clock.advance(4)
    refused = caller.get("/me/")
    assert refused.header("RateLimit") == "limit=3, remaining=0, reset=6"
    other = Caller()
    other.fake = caller.fake
    other.auth = (basic(caller.fake.issue_key(user=1)),)
    assert other.get("/me/").status == 200
    caller.clock.advance(6)
    assert caller.get("/me/").status == 200


def test_every_answer_carries_the_servers_date(caller: Caller) -> None:
    caller.fake.behaviour.clock_skew_s = -3600
    assert caller.get("/me/").header("Date") == "Wed, 04 Mar 2026 08:30:15 GMT"


def test_the_log_of_requests_holds_no_secret(caller: Caller) -> None:
    caller.note(note_html="<body><p>private words</p></body>")
    log = repr(list(caller.fake.requests))
    assert "/api/v1/activity/note/" in log
    assert caller.fake.api_key not in log
    assert caller.auth[0][1] not in log
    assert "private words" not in log
