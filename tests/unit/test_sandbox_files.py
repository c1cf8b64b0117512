"""Uploads at the fake: the signed form, its 60 seconds, the note's 24 hours, downloads."""

import hashlib
from collections.abc import Callable

import pytest

from close_notes_gui.sandbox.exchange import MEMORY_BYTES, Extent, Request, Response, Spool
from close_notes_gui.sandbox.multipart import MalformedForm, read_form
from tests.unit.sandbox_caller import Caller, field_errors


@pytest.fixture
def caller() -> Caller:
    return Caller()


def attach(caller: Caller, *attachments: object) -> Response:
    body = {"lead_id": caller.fake.lead_ids(1)[0], "note": "x", "attachments": list(attachments)}
    return caller.post("/activity/note/", body)


def code(response: Response) -> str:
    assert isinstance(response.body, bytes)
    return response.body.decode().partition("<Code>")[2].partition("</Code>")[0]


def test_signing_gives_a_form_and_an_address(caller: Caller) -> None:
    signed = caller.sign("Grüße 1.png", "image/png")
    assert signed["upload"]["url"] == "https://sandbox-files.s3.amazonaws.com/"
    assert set(signed["upload"]["fields"]) == {
        "AWSAccessKeyId", "Content-Disposition", "Content-Type", "key", "policy", "signature", "success_action_status",
    }  # fmt: skip
    assert signed["upload"]["fields"]["Content-Type"] == "image/png"
    assert signed["upload"]["fields"]["key"].startswith("temporary/user/")
    assert signed["download"]["url"].startswith("https://app.close.com/go/file/temporary/user_")
    assert signed["download"]["url"].endswith("/Gr%C3%BC%C3%9Fe%201.png/")


@pytest.mark.parametrize(
    ("body", "at_fault"),
    [
        ({"filename": "a"}, "content_type"),
        ({"content_type": "a/b"}, "filename"),
        ({"filename": "", "content_type": "a/b"}, "filename"),
        ({"filename": "a/b", "content_type": "a/b"}, "filename"),
        ({"filename": "a\n", "content_type": "a/b"}, "filename"),
        ({"filename": "x" * 256, "content_type": "a/b"}, "filename"),
        ({"filename": "a", "content_type": "nonsense"}, "content_type"),
        ({"filename": "a", "content_type": None}, "content_type"),
        ({"filename": "a", "content_type": "a/b", "size": 3}, "size"),
    ],
)
def test_signing_takes_exactly_two_properties(
    caller: Caller, body: dict[str, object], at_fault: str
) -> None:
    assert field_errors(caller.post("/files/upload/", body)) == {at_fault}


def test_a_good_form_is_kept_and_can_be_attached(caller: Caller) -> None:
    content = b"\0binary\r\n--boundary\r\n\xff"
    signed = caller.sign()
    answer = caller.send_form(caller.form(signed, content))
    assert answer.status == 201
    assert b"<PostResponse>" in (answer.body if isinstance(answer.body, bytes) else b"")
    url = signed["download"]["url"]
    assert caller.fake.file_sha256(url) == hashlib.sha256(content).hexdigest()
    note = caller.ok(attach(caller, {"url": url, "filename": "a.txt", "content_type": None}))
    (attachment,) = note["attachments"]
    token = url.split("/")[-3]
    assert attachment["url"].startswith("https://app.close.com/go/file/persisted/orga_")
    assert attachment["url"].endswith(f"/activity.note/{note['id']}/{token}/a.txt/")
    assert attachment["size"] == len(content)
    assert attachment["content_type"] == "text/plain"
    assert caller.fake.violations == []


Spoiler = Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]]


def changed(name: str) -> Spoiler:
    return lambda parts: [(one, value + b"x" if one == name else value) for one, value in parts]


def missing(name: str) -> Spoiler:
    return lambda parts: [(one, value) for one, value in parts if one != name]


@pytest.mark.parametrize(
    ("spoil", "status", "why"),
    [
        (changed("key"), 403, "AccessDenied"),
        (changed("Content-Type"), 403, "AccessDenied"),
        (changed("Content-Disposition"), 403, "AccessDenied"),
        (changed("policy"), 403, "AccessDenied"),
        (changed("signature"), 403, "SignatureDoesNotMatch"),
        (changed("success_action_status"), 403, "AccessDenied"),
        (missing("AWSAccessKeyId"), 403, "AccessDenied"),
        (missing("Content-Type"), 403, "AccessDenied"),
        (missing("policy"), 403, "AccessDenied"),
        (missing("file"), 400, "InvalidArgument"),
        (lambda parts: [("acl", b"public"), *parts], 403, "AccessDenied"),
        (lambda parts: [parts[0], *parts], 400, "MalformedPOSTRequest"),
        (lambda parts: [parts[-1], *parts[:-1]], 403, "AccessDenied"),
        (lambda parts: [*parts, ("later", b"x")], 400, "MalformedPOSTRequest"),
        (lambda parts: [*parts, parts[-1]], 400, "InvalidArgument"),
    ],
)
def test_a_form_that_differs_from_what_was_signed_is_refused(
    caller: Caller, spoil: Spoiler, status: int, why: str
) -> None:
    signed = caller.sign()
    answer = caller.send_form(spoil(caller.form(signed, b"x")))
    assert (answer.status, code(answer)) == (status, why)
    assert caller.fake.file_sha256(signed["download"]["url"]) is None


def test_the_policy_lives_sixty_seconds(caller: Caller) -> None:
    signed = caller.sign()
    caller.clock.advance(60)
    assert caller.send_form(caller.form(signed, b"x")).status == 201
    caller.clock.advance(0.1)
    late = caller.send_form(caller.form(signed, b"y"))
    assert (late.status, code(late)) == (403, "AccessDenied")
    assert b"Invalid according to Policy: Policy expired." in (
        late.body if isinstance(late.body, bytes) else b""
    )
    assert caller.fake.file_sha256(signed["download"]["url"]) == hashlib.sha256(b"x").hexdigest()


def test_a_slow_upload_counts_from_its_first_byte(caller: Caller) -> None:
    signed = caller.sign()
    begun_at = caller.clock.now
    caller.clock.advance(500)
    answer = caller.send_form(caller.form(signed, b"x"))
    assert answer.status == 403
    spool = Spool()
    body = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in caller.form(signed, b"x")
    )
    spool.write(body + b"--b--")
    headers = (
        ("Content-Type", "multipart/form-data; boundary=b"),
        ("Content-Length", str(spool.size_bytes)),
    )
    request = Request("POST", "/", (), headers, spool, storage=True, arrived_at=begun_at)
    assert caller.fake.handle(request).status == 201


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (("Authorization", "Basic eA=="), 400),
        (("Cookie", "session=1"), 400),
        (("Transfer-Encoding", "chunked"), 501),
    ],
)
def test_what_may_not_reach_the_storage_host_is_put_down(
    caller: Caller, header: tuple[str, str], status: int
) -> None:
    signed = caller.sign()
    assert caller.send_form(caller.form(signed, b"x"), headers=[header]).status == status
    assert len(caller.fake.violations) == 1
    assert "eA==" not in caller.fake.violations[0]
    assert caller.fake.file_sha256(signed["download"]["url"]) is None


def test_the_length_is_needed_and_must_be_true(caller: Caller) -> None:
    form = caller.form(caller.sign(), b"x")
    assert caller.send_form(form, length=None).status == 411
    assert caller.fake.violations == ["upload without Content-Length"]
    wrong = caller.send_form(form, length=3)
    assert (wrong.status, code(wrong)) == (400, "IncompleteBody")


def test_only_a_well_formed_post_is_taken(caller: Caller) -> None:
    form = caller.form(caller.sign(), b"x")
    assert caller.send_form(form, method="PUT").status == 405
    for tail in (b"", b"\r\n", b"--\r\nmore", b"xx"):
        assert code(caller.send_form(form, tail=tail)) == "MalformedPOSTRequest"
    headers = (("Content-Type", "application/json"), ("Content-Length", "2"))
    assert (
        code(caller.fake.handle(Request("POST", "/", (), headers, b"{}", storage=True)))
        == "MalformedPOSTRequest"
    )


def test_an_upload_can_be_attached_for_a_day(caller: Caller) -> None:
    attachment = caller.upload()
    caller.clock.advance(24 * 3600)
    assert attach(caller, attachment).status == 200
    caller.clock.advance(1)
    assert field_errors(attach(caller, attachment)) == {"attachments"}


def test_only_uploaded_files_can_be_attached(caller: Caller) -> None:
    signed = caller.sign()
    never_sent = {"url": signed["download"]["url"], "filename": "a.txt"}
    good = caller.upload()
    for bad in [
        never_sent,
        good | {"url": good["url"].replace("app.close.com", "api.close.com")},
        good | {"url": "https://example.com/a.txt"},
        good | {"url": good["url"].removesuffix("/")},
        good | {"url": "https://app.close.com/go/file/temporary/user_x/unknown/a.txt/"},
        good | {"size": 5},
        good | {"filename": ""},
        good | {"content_type": 5},
        {"url": good["url"]},
        "a.txt",
    ]:
        assert field_errors(attach(caller, good, bad)) == {"attachments"}, bad
    assert attach(caller, good).status == 200


def test_a_thousand_attachments_are_the_most(caller: Caller) -> None:
    good = caller.upload()
    assert field_errors(attach(caller, *[good] * 1001)) == {"attachments"}
    assert attach(caller, *[good] * 1000).status == 200


def test_an_update_keeps_replaces_and_drops_attachments(caller: Caller) -> None:
    one, two = caller.upload(b"one"), caller.upload(b"two")
    note = caller.ok(attach(caller, one))
    path = f"/activity/note/{note['id']}/"
    kept = {name: note["attachments"][0][name] for name in ("url", "filename", "content_type")}
    caller.clock.advance(48 * 3600)
    both = caller.ok(
        caller.put(path, {"attachments": [kept, two | {"url": caller.upload(b"two")["url"]}]})
    )
    assert len(both["attachments"]) == 2
    assert both["attachments"][0] == note["attachments"][0]
    untouched = caller.ok(caller.put(path, {"title": "t"}))
    assert untouched["attachments"] == both["attachments"]
    assert caller.ok(caller.put(path, {"attachments": []}))["attachments"] == []
    assert field_errors(caller.put(path, {"attachments": [kept]})) == {"attachments"}


def test_the_address_of_another_notes_file_is_refused(caller: Caller) -> None:
    note = caller.ok(attach(caller, caller.upload()))
    borrowed = {name: note["attachments"][0][name] for name in ("url", "filename")}
    assert field_errors(attach(caller, borrowed)) == {"attachments"}


def test_pictures_get_a_thumbnail(caller: Caller) -> None:
    attachment = caller.upload() | {"content_type": "image/png"}
    (shown,) = caller.ok(attach(caller, attachment))["attachments"]
    assert shown["thumbnail_url"] == shown["url"] + "thumbnail/"


def download(
    caller: Caller, url: str, *headers: tuple[str, str], auth: bool = True
) -> tuple[int, bytes]:
    path = url.removeprefix("https://app.close.com")
    answer = caller.fake.handle(
        Request("GET", path, (), (*(caller.auth if auth else ()), *headers))
    )
    body = answer.body
    return answer.status, b"".join(body.chunks()) if isinstance(body, Extent) else body


def test_saved_files_can_be_downloaded_with_the_key(caller: Caller) -> None:
    content = bytes(range(256)) * 10
    (saved,) = caller.ok(attach(caller, caller.upload(content)))["attachments"]
    url = saved["url"]
    assert download(caller, url) == (200, content)
    assert download(caller, url, auth=False)[0] == 401
    assert download(caller, url, ("Range", "bytes=10-19")) == (206, content[10:20])
    assert download(caller, url, ("Range", "bytes=2550-")) == (206, content[2550:])
    assert download(caller, url, ("Range", "bytes=-4")) == (206, content[-4:])
    assert download(caller, url, ("Range", "bytes=9999-"))[0] == 416
    assert download(caller, url, ("Range", "lines=1-2"))[0] == 416
    assert download(caller, url.replace("a.txt", "b.txt"))[0] == 404


def test_files_of_deleted_notes_are_gone(caller: Caller) -> None:
    note = caller.ok(attach(caller, caller.upload()))
    caller.delete(f"/activity/note/{note['id']}/")
    assert download(caller, note["attachments"][0]["url"])[0] == 404


def test_a_large_file_moves_to_disk_and_stays_the_same(caller: Caller) -> None:
    content = bytes(range(251)) * (3 * MEMORY_BYTES // 251 // 2)
    attachment = caller.upload(content)
    assert caller.fake.file_sha256(attachment["url"]) == hashlib.sha256(content).hexdigest()
    assert download(caller, attachment["url"]) == (200, content)


def test_a_boundary_across_two_reads_is_found() -> None:
    for shift in range(-12, 3):
        spool = Spool()
        head = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n'
        content = b"x" * (256 * 1024 - len(head) + shift)
        spool.write(head + content + b"\r\n--b--\r\n")
        (part,) = read_form(spool, b"b")
        assert part.content.size_bytes == len(content)


def test_a_form_without_names_is_malformed() -> None:
    for head in (
        b"Content-Disposition: form-data",
        b'Content-Disposition: inline; name="x"',
        b"X: y",
    ):
        spool = Spool()
        spool.write(b"--b\r\n" + head + b"\r\n\r\nx\r\n--b--")
        with pytest.raises(MalformedForm):
            read_form(spool, b"b")
