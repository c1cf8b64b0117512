"""The gate before the network: it lets nothing through that we did not mean, and repairs nothing."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from close_notes_gui.markup import DOCUMENTED_ONLY, GateError, check, to_note_html
from close_notes_gui.model.richtext import EMPTY_NOTE_HTML, RichText
from tests.strategies import rich_texts


@pytest.mark.parametrize(
    "note_html",
    [
        "",
        "<p>x</p>",
        "<body></body>",
        "<body>text</body>",
        "<body><p>x</p>tail</body>",
        " <body><p>x</p></body>",
        "<body><p>x</body>",
        "<body><p>x<br></p></body>",
        "<body><p>&nbsp;</p></body>",
        "<body><p>\x01</p></body>",
        "<body><p>\ud800</p></body>",
        "<body><body><p>x</p></body></body>",
        "<body><div>x</div></body>",
        "<body><script>x</script></body>",
        "<body><p onclick=''>x</p></body>",
        "<body class='x'><p>x</p></body>",
        '<body><p><a href="javascript:alert(1)">x</a></p></body>',
        '<body><p><a href="java&#10;script:alert(1)">x</a></p></body>',
        '<body><p><a href="/x">x</a></p></body>',
        '<body><p><a href="https://e.com/ x">x</a></p></body>',
        '<body><p><img src="data:image/png;base64,AA" alt="" /></p></body>',
        '<body><p><img src="mailto:x@e.com" alt="" /></p></body>',
        '<body><p><span style="color: red;">x</span></p></body>',
        '<body><p><span style="color: #ff0000; top: 0;">x</span></p></body>',
        '<body><p><span data-type="mention" data-id="acti_1" data-label="x" class="mention">@x</span></p></body>',
        '<body><ol start="0"><li>x</li></ol></body>',
        "<body><p><b>x</b></p></body>",
        "<body><p><p>x</p></p></body>",
        "<body><p><ul><li>x</li></ul></p></body>",
        "<body><p>x<!-- y --></p></body>",
        "<body><p><![CDATA[x]]></p></body>",
        "<body><?x y?><p>x</p></body>",
        "<body><p>&#120;</p></body>",
        "<body><p xmlns='http://www.w3.org/1999/xhtml'>x</p></body>",
        '<!DOCTYPE x [<!ENTITY e "x">]><body><p>&e;</p></body>',
        "<body><p>x</p></body><body><p>y</p></body>",
    ],
)  # fmt: skip
def test_what_may_not_leave(note_html: str) -> None:
    with pytest.raises(GateError) as caught:
        check(note_html)
    assert caught.value.reason


@pytest.mark.parametrize(
    "note_html",
    [
        "<body><h2>x</h2></body>",
        "<body><blockquote><p>x</p></blockquote></body>",
        "<body><pre><code>x</code></pre></body>",
        '<body><ol start="3"><li>x</li></ol></body>',
    ],
)
def test_what_is_switched_off_may_not_leave(note_html: str) -> None:
    check(note_html)
    with pytest.raises(GateError):
        check(note_html, policy=DOCUMENTED_ONLY)


def test_an_empty_note_is_in_order() -> None:
    check(EMPTY_NOTE_HTML)


@given(rich_texts(), st.data())
def test_a_note_with_one_character_changed_passes_only_if_it_is_still_ours(
    tree: RichText, data: st.DataObject
) -> None:
    note_html = to_note_html(tree)
    at = data.draw(st.integers(0, len(note_html) - 1))
    changed = note_html[:at] + data.draw(st.sampled_from("<>&\"' =/x\x00")) + note_html[at + 1 :]
    try:
        check(changed)
    except GateError:
        return
    # Passed: then only text or the value of an attribute can have changed.
    assert changed.count("<") == note_html.count("<")
    assert "onclick" not in changed


def test_the_reason_does_not_carry_the_note() -> None:
    secret = "the customer's secret " * 50
    with pytest.raises(GateError) as caught:
        check(f"<body><p>{secret}</p><p>&#120;{secret}</p></body>")
    assert secret not in caught.value.reason
    assert len(caught.value.reason) < 200


def test_the_room_is_cheap_to_import() -> None:
    """bleach, markdown and nh3 come with the first call, not with the window."""
    code = (
        "import sys, close_notes_gui.markup as m; "
        "early = {'bleach', 'markdown', 'nh3'} & set(sys.modules); "
        "m.check(m.markdown_to_note_html('*a*')); "
        "late = {'bleach', 'markdown', 'nh3'} & set(sys.modules); "
        "print(sorted(early), sorted(late))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[] ['bleach', 'markdown', 'nh3']"


def test_long_notes_are_looked_at_in_parts_and_wholly() -> None:
    block = "<ul><li>x</li></ul><p>y</p>" * 300
    check(f"<body>{block * 10}</body>")
    for at in (0, len(block) * 5, len(block) * 10):
        long = block * 10
        with pytest.raises(GateError):
            check(f"<body>{long[:at]}<p><p>z</p></p>{long[at:]}</body>")
