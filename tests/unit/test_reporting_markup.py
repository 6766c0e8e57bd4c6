"""Prose of templates becomes blocks, and only what prose may say."""

import pytest

from driehoek.reporting.document import Bullets, Heading, Paragraph, Run
from driehoek.reporting.markup import MarkupError, blocks


def test_paragraphs_lists_and_headings_keep_their_words_and_styles():
    said = blocks(
        '<h3 id="x">Kop</h3>\n<p>Een <strong>vet</strong>\n  woord,\n <a href="#x" title="f/id">'
        ".34</a>.</p><ul><li>a &amp; b</li></ul>"
    )
    assert said == [
        Heading("Kop", "x"),
        Paragraph(
            (
                Run("Een "),
                Run("vet", is_strong=True),
                Run(" woord, "),
                Run(".34", link="#x", id="f/id"),
                Run("."),
            )
        ),
        Bullets(((Run("a & b"),),)),
    ]


def test_a_hard_space_stays():
    assert blocks("<p>p\u00a0=\u00a0.03 </p>") == [Paragraph((Run("p\u00a0=\u00a0.03"),))]


@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("<script>1</script>", "<script> is not known here"),
        ('<p><a href="javascript:1">x</a></p>', "a link starts with"),
        ("words", "words stand outside a paragraph"),
        ("<p><em>x</p>", "closes nothing"),
    ],
)
def test_what_prose_has_no_form_for_is_refused(fragment, said):
    with pytest.raises(MarkupError, match=said):
        blocks(fragment)
