"""Documents in Markdown: what they may hold, and what hostile ones do, which is nothing."""

import re
import time

import pytest

from portal.shell.markdown import Heading, render_document


def test_a_document_has_tables_tasks_callouts_and_contents():
    text = (
        "# One\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n### Two `x`\n\n- [ ] open\n- [x] *done*\n\n"
        "> [!WARNING]\n> Take care.\n\n# One\n\n[up](#one) [to](#nothing) ![Plan](https://e.example/p.png)\n"
    )
    shown = render_document(text)
    assert shown.contents == (
        Heading(1, "text-one", "One"),
        Heading(2, "text-two-x", "Two x"),
        Heading(1, "text-one-2", "One"),
    )
    assert '<h3 id="text-two-x">Two <code>x</code></h3>' in shown.html
    assert "<td>2</td>" in shown.html
    assert (
        '<li class="task">\u2610 open</li>' in shown.html and '<li class="task">\u2611 <em>done</em></li>' in shown.html
    )
    assert '<blockquote class="callout-warning">\n<p><strong>Warning.</strong> Take care.</p>' in shown.html
    assert '<a href="#text-one" rel="noopener noreferrer">up</a>' in shown.html
    assert '<a href="https://e.example/p.png" rel="noopener noreferrer">Plan</a>' in shown.html
    assert "#nothing" not in shown.html and "to</a>" in shown.html


def test_words_in_pointed_brackets_stay_and_markup_round_a_text_goes():
    text = '<section class="x" markdown="1">\n\n## Say <your name>\n\n</section>\n\n<a href="/p/" class="y">here</a>'
    html = render_document(text, resolve=lambda address: f"/found{address}").html
    assert "Say &lt;your name&gt;" in html and "section" not in html
    assert '<a href="/found/p/" rel="noopener noreferrer">here</a>' in html


HOSTILE = [
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:x)",
    "[a](//evil.example/)",
    "[a](/\\evil.example/)",
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n\n[a]",
    "![a](javascript:alert(1))",
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<style>body{display:none}</style>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a hx-get="/people/" hx-trigger="load" data-hx-post="/x/" data-mount="form">x</a>',
    '<p id="main" class="toast" name="body" style="position:fixed">x</p>',
    '<form action="/x/"><input name="csrfmiddlewaretoken"><button>x</button></form>',
    "<h2 id=csrf>x</h2>",
    "# main",
    "# <img src=x onerror=alert(1)>",
    "```\n<script>alert(1)</script>\n```",
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "<math><mtext></p><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<table><td background=javascript:alert(1)>x</td></table>",
    '- <li class="m-task" onfocus=alert(1) autofocus>x',
    '> [!NOTE]<img src=x onerror=alert(1)>\n> <blockquote class="callout-note" onclick=x>',
    "<!--><img src=x onerror=alert(1)>-->",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
]
_TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [^>]*)?)>")
_KEPT = {
    *(
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "s",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
    ),
    *("a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTE = re.compile(
    r' (href="(https?://|mailto:|#text-)[^"<>]*"|rel="noopener noreferrer"|id="text-[\w-]+"|class="(task|callout-\w+)")'
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert(text):
    html = render_document(text).html
    assert html.count("<") == len(_TAG.findall(html)), html
    for _, tag, attributes in _TAG.findall(html):
        assert tag in _KEPT, html
        assert _ATTRIBUTE.sub("", attributes) == "", html


SLOW = {
    "[": "[" * 20_000,
    "![": "![" * 10_000,
    "[a](": "[a](" * 5_000,
    "[a][": "[a][" * 5_000,
    "](": "](" * 10_000,
    "<div>": "<div>" * 20_000,
    "<blockquote>": "<blockquote>" * 8_000,
    "<ul><li>": "<ul><li>" * 10_000,
    "<a ": "<a " * 20_000,
    "<!--": "<!--" * 20_000,
    ">": ">" * 100_000,
    "- ": "- " * 50_000,
    "*a": "*a " * 30_000,
    "`": "`" * 100_000,
    "|": "|a" * 25_000 + "\n" + "|-" * 25_000 + "\n",
    "rows": "a|b\n-|-\n" + "a|b\n" * 20_000,
    "#": "# a\n" * 5_000,
    "tasks": "- [ ] a\n" * 3_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_a_text_of_nothing_but_signs_is_shown_soon(name):
    began = time.process_time()
    render_document(SLOW[name])
    assert time.process_time() - began < 3
