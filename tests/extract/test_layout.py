"""The layout is the page as a reader sees it: boxes, and blocks of text without a break."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.extract.layout import MAX_DEPTH, Layout, append, lay_out
from ingest.html import parse


def laid(markup: str, dropped: tuple[str, ...] = ()) -> Layout:
    return lay_out(parse(markup.encode()), dropped)


def shown(markup: str) -> list[str]:
    return [block.text for block in laid(markup).blocks]


def test_two_line_breaks_end_a_block_and_one_does_not():
    assert shown("<div>One<br>still one<br><br>Two<br>\n<br/>Three</div>") == ["One still one", "Two", "Three"]


def test_text_around_a_paragraph_is_a_block_of_its_own():
    assert shown("<div>Before <p>Inside</p> after</div>") == ["Before", "Inside", "after"]


def test_white_space_and_what_cannot_be_seen_is_squeezed_out():
    assert shown("<p> a\u00a0 <b>b</b>\n\tc\u200b\u00add </p><p> \n </p>") == ["a b cd"]


def test_scripts_styles_and_menus_are_no_text():
    page = f"<nav><a>Home</a></nav><script>x</script><style>y</style><p>{'Text. ' * 100}</p>"
    assert [text[:5] for text in shown(page)] == ["Text."]


def test_a_menu_that_was_never_closed_does_not_swallow_the_page():
    assert shown("<nav><a>Home</a><p>All of the text.</p>") == ["Home", "All of the text."]


def test_text_for_screen_readers_inside_a_line_is_left_out():
    assert shown('<p>See <a href="/x">the report<span class="sr-only"> (opens a new window)</span></a>.</p>') == [
        "See the report."
    ]


def test_readings_above_a_word_are_left_out_unless_they_have_brackets():
    plain = "<p><ruby>子<rt>こ</rt></ruby>ども</p>"
    bracketed = "<p><ruby>尹氏<rp>（</rp><rt>ユンシ</rt><rp>）</rp></ruby>は</p>"
    assert shown(plain + bracketed) == ["子ども", "尹氏（ユンシ）は"]


def test_links_are_counted_in_the_blocks_they_stand_in_and_around():
    layout = laid('<a href="/a"><h3>Title</h3><p>Words</p></a><p>Plain <a href="/b">here</a></p>')
    assert [(block.text, block.link_chars, len(block.links)) for block in layout.blocks] == [
        ("Title", 5, 1),
        ("Words", 5, 1),
        ("Plain here", 4, 1),
    ]


def test_boxes_sum_up_what_is_inside():
    layout = laid('<div id="a"><p>12345</p><div><p>123 <a href="/x">45</a></p></div></div><p>x</p>')
    outer = next(box for box in layout.boxes if box.hint == "a")
    assert (outer.chars, outer.link_chars, outer.start, outer.end) == (11, 2, 0, 2)
    assert [box.tag for box in layout.boxes[outer.index : outer.last]] == ["div", "p", "div", "p"]


def test_names_come_from_classes_ids_roles_and_test_hooks():
    layout = laid('<div class="A b" id="C" role="main" data-testid="D" style="color:red">x</div>')
    assert set(layout.boxes[1].hint.split()) == {"a", "b", "c", "main", "d"}


def test_an_inline_element_around_the_whole_block_gives_it_its_name():
    blocks = laid('<div><span class="date">3 May</span></div><div><b class="x">3</b> May</div>').blocks
    assert [block.hint for block in blocks] == ["date", ""]


def test_hidden_is_what_the_element_says_of_itself():
    markup = (
        '<div hidden>a</div><div style="display: none">b</div><div aria-hidden="true">c</div>'
        '<div class="hidden">d</div><div class="hidden md:block">e</div><div class="overflow-hidden">f</div>'
    )
    assert [box.hidden for box in laid(markup).boxes[1:]] == [True, True, True, True, False, False]


def test_custom_elements_hold_blocks_but_not_within_a_paragraph():
    assert shown("<my-text>One</my-text><my-text>Two</my-text><p>A <my-word>b</my-word> c</p>") == [
        "One",
        "Two",
        "A b c",
    ]


def test_an_address_that_is_encoded_against_harvesters_is_read():
    code = "234746504863465b424e534f460d4c5144"
    assert shown(f'<p>Write to <span data-cfemail="{code}">[email protected]</span>!</p>') == [
        "Write to desk@example.org!"
    ]


def test_dropped_elements_are_left_out():
    layout = laid('<div class="promo"><p>Buy</p></div><p>Text <b class="x">bold</b></p>', (".promo", "b.x"))
    assert [block.text for block in layout.blocks] == ["Text"]


def test_nesting_beyond_the_limit_is_left_out_and_does_not_raise():
    assert shown("<div>" * 5000 + "deep" + "</div>" * 5000 + "<p>shallow</p>")[-1:] != ["deep"]
    assert shown("<div>" * (MAX_DEPTH - 2) + "deep") == ["deep"]


def test_a_second_document_is_added_at_the_end():
    layout = laid("<p>First</p>")
    box = append(layout, parse(b"<p>Second</p><p>Third</p>"))
    assert box is not None
    assert [block.text for block in layout.blocks[box.start : box.end]] == ["Second", "Third"]
    assert [block.index for block in layout.blocks] == [0, 1, 2]
    assert layout.boxes[0].end == 3


TAGS = st.sampled_from("p div br b a ul li table td tr span h2 article nav figure custom-box button ruby rt".split())
PIECES = st.one_of(TAGS.map("<{}>".format), TAGS.map("</{}>".format), st.text(max_size=8))


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_whatever_the_markup_indexes_are_in_order_and_boxes_nest(markup: str):
    layout = laid(markup)
    assert [block.index for block in layout.blocks] == list(range(len(layout.blocks)))
    assert all(block.text == " ".join(block.text.split()) and block.text for block in layout.blocks)
    assert all(0 <= block.link_chars <= len(block.text) for block in layout.blocks)
    for box in layout.boxes[1:]:
        assert box.parent is not None
        assert box.parent.start <= box.start <= box.end <= box.parent.end
        assert box.parent.index < box.index < box.last <= box.parent.last
    assert all(one.start <= other.start for one, other in pairwise(layout.boxes))
