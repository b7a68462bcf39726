"""What becomes of feedback: its state follows links, it is given to colleagues, cut and put together again."""

import pytest

from insights.voice.feedback.models import Feedback
from insights.voice.feedback.processing import assign_feedback, join_feedback, set_state, split_feedback
from insights.voice.highlights.actions import add_highlight, delete_highlight
from insights.voice.texts.public import Place, forget_text
from insights.voice.themes.actions import create_theme
from insights.voice.themes.linking import link_pieces, link_theme, unlink_theme
from portal.audit.models import AuditEntry
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound

TEXT = "It is slow.\n\nCall me: 030 1234567. And the report is wrong."


def state_of(feedback):
    return Feedback.objects.get(pk=feedback.pk).state


def test_what_is_linked_is_triaged_and_waits_again_without_links(say, product, owner):
    piece, other = say("It is slow."), say("Slow!")
    speed, pace = (create_theme(product, name=name, actor=owner) for name in ("Speed", "Pace"))
    assert state_of(piece) == "new"
    whole, _ = link_theme(speed, piece, actor=owner)
    words, _ = link_theme(pace, piece, actor=owner, quote="slow")
    unlink_theme(whole, actor=owner)
    assert state_of(piece) == "triaged", "its words are linked still"
    unlink_theme(words, actor=owner)
    assert state_of(piece) == "new"
    assert link_pieces(speed, [piece, other], actor=owner) == 2
    assert link_pieces(speed, [piece, other], actor=owner) == 0
    assert {state_of(piece), state_of(other)} == {"triaged"}


def test_a_highlight_that_goes_takes_its_links_along_and_its_piece_waits_again(say, product, owner):
    piece, kept, decided = say("It is slow."), say("So slow, and dear."), say("Fine!")
    speed = create_theme(product, name="Speed", actor=owner)
    link, _ = link_theme(speed, piece, actor=owner, quote="slow")
    first, _ = link_theme(speed, kept, actor=owner, quote="slow")
    link_theme(speed, kept, actor=owner, quote="dear")
    set_state(decided, "triaged", actor=owner, version=1)
    plain, _ = add_highlight(decided, actor=owner, quote="Fine")
    for highlight in (link.highlight, first.highlight, plain):
        delete_highlight(highlight, actor=owner)
    assert [state_of(one) for one in (piece, kept, decided)] == ["new", "triaged", "triaged"]
    assert AuditEntry.objects.filter(verb="theme.unlinked").count() == 2
    with pytest.raises(NotFound):
        delete_highlight(plain, actor=owner)
    with pytest.raises(NotFound):
        link_theme(speed, decided, actor=owner, highlight=plain)
    link_theme(speed, piece, actor=owner, quote="slow")
    gone = piece.text.index("slow")
    forget_text(piece, piece.text, piece.text.replace("slow", "…"), [Place(gone, gone + 4)])
    assert state_of(piece) == "new", "its words went for good"


def test_a_piece_is_cut_without_losing_a_word_and_put_together_again(say, people, owner):
    whole = say(TEXT, person="ann", origin="zendesk", origin_id="7", origin_url="https://z.example/7")
    texts = TEXT.split("\n\n")
    first, second = split_feedback(whole, texts, actor=owner, version=1)
    assert (second.text, second.masked) == (texts[1], "Call me: [phone]. And the report is wrong.")
    for piece in (first, second):
        kept = ("person_id", "account_id", "said_on", "channel_id", "origin", "origin_url", "team_id", "visibility")
        assert [getattr(piece, name) for name in kept] == [getattr(whole, name) for name in kept]
        assert (piece.split_from_id, piece.state, piece.origin_id) == (whole.pk, "new", "")
    assert state_of(whole) == "archived"
    add_highlight(first, actor=owner, quote="slow")
    with pytest.raises(Conflict, match="worked on"):
        join_feedback(whole, actor=owner, version=2)
    first.highlights.all().delete()
    join_feedback(whole, actor=owner, version=2)
    assert list(Feedback.objects.values_list("pk", "state")) == [(whole.pk, "new")]
    verbs = AuditEntry.objects.filter(verb__startswith="feedback.").order_by("pk").values_list("verb", flat=True)
    assert [verb.partition(".")[2] for verb in verbs][3:] == ["split", "deleted", "deleted", "joined"]


def test_only_insiders_decide_and_only_on_what_they_saw(say, owner, viewer, outsider, editor):
    piece = say(TEXT, visibility="company")
    for user in (viewer, outsider):
        for act in (
            lambda user: set_state(piece, "archived", actor=user, version=1),
            lambda user: assign_feedback(piece, owner, actor=user, version=1),
            lambda user: split_feedback(piece, TEXT.split("\n\n"), actor=user, version=1),
            lambda user: join_feedback(piece, actor=user, version=1),
        ):
            with pytest.raises(NotAllowed):
                act(user)
    with pytest.raises(BadInput):
        assign_feedback(piece, outsider, actor=owner, version=1)
    assert assign_feedback(piece, editor, actor=owner, version=1).version == 2
    for texts in ([TEXT], ["It is slow.", "Something else."], ["", TEXT], [TEXT] * 2):
        with pytest.raises(BadInput):
            split_feedback(piece, texts, actor=owner, version=2)
    with pytest.raises(Conflict):
        set_state(piece, "archived", actor=editor, version=1)
    assert state_of(piece) == "new"
