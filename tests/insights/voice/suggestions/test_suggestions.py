"""Suggestions: learned from links, remembered verdicts, alike pieces, new themes; nothing kept of who was erased."""

from datetime import timedelta

import numpy as np
import pytest
from django.core.exceptions import ImproperlyConfigured

from insights.events.public import Account, DistinctId, default_id_space, number_ids
from insights.voice.feedback.models import Feedback
from insights.voice.suggestions import keeping
from insights.voice.suggestions.actions import judge
from insights.voice.suggestions.embedding import check_embedder
from insights.voice.suggestions.jobs import ask_to_learn, is_due, learn_changed, requeue_dead_learnings, run_learning
from insights.voice.suggestions.models import Learning, ThemeProposal, Verdict
from insights.voice.suggestions.proposing import accept_proposal, reject_proposal
from insights.voice.suggestions.reading import Stamp, read_stamp
from insights.voice.suggestions.suggesting import suggest
from insights.voice.themes.actions import create_theme, merge_theme
from insights.voice.themes.linking import link_theme
from insights.voice.themes.models import Theme, ThemeLink
from portal.audit.models import AuditEntry
from portal.shell.public import Conflict, registry
from portal.shell.registry import PersonEraser

SLOW = ["The timeline loads slowly", "Loading takes ages on the timeline", "So slow to load", "It loads very slowly"]
INVITE = ["How do I invite my team", "The invitation never arrived", "Invite link please", "Inviting people is hard"]
DARK = ["Please add a dark mode", "Dark mode for my eyes", "A dark mode at night", "The dark mode is missing at night"]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    keeping._open.clear()


@pytest.fixture
def learned(say, product, owner):
    """Two themes with eight pieces each, and four pieces about something else that wait."""
    themes = {name: create_theme(product, name=name, actor=owner) for name in ("Speed", "Getting the team in")}
    for round_ in range(2):
        for name, texts in (("Speed", SLOW), ("Getting the team in", INVITE)):
            for text in texts:
                link_theme(themes[name], say(f"{text}{'!' * round_}"), actor=owner)
    for text in DARK:
        say(text)
    learn(product)
    return themes


def learn(product):
    run_learning(ask_to_learn(product).pk)
    learning = Learning.objects.get(product=product)
    assert learning.state == "done", learning.error
    return learning


def names_for(piece, user):
    return [one.name for one in suggest(piece, user).themes]


def test_before_anything_is_learned_names_of_themes_are_compared(say, product, owner):
    piece = say("The timeline is so slow!")
    assert suggest(piece, owner).basis.startswith("This product has no themes")
    create_theme(product, name="Slow timelines", actor=owner)
    create_theme(product, name="Invitations", actor=owner)
    found = suggest(piece, owner)
    assert [(one.name, one.confidence, one.why) for one in found.themes] == [
        ("Slow timelines", None, "it says “timeline”, “slow”")
    ]
    assert not found.is_learned and "too little is linked" in found.basis


def test_links_are_learned_and_a_no_is_remembered(learned, say, product, owner):
    learning = Learning.objects.get(product=product)
    assert (learning.n_examples, learning.n_themes, learning.n_pieces) == (16, 2, 20)
    piece = say("Everything loads slowly on my phone")
    found = suggest(piece, owner)
    assert found.themes[0].name == "Speed" and found.is_learned and 0 < found.themes[0].confidence <= 1
    assert found.themes[0].confidence == max(one.confidence or 0 for one in found.themes)
    assert any("slow" in one.excerpt.lower() for one in found.similar) and found.similar[0].themes == ("Speed",)
    judge(piece, learned["Speed"], False, actor=owner)
    assert "Speed" not in names_for(piece, owner)
    judge(say("So slow to load??"), learned["Speed"], False, actor=owner)
    assert learn(product).n_marks == 18, "refusals are learned from too"
    merge_theme(learned["Speed"], learned["Getting the team in"], actor=owner)
    assert learn(product).n_themes == 0, "what counts as one theme is one: there is nothing to tell apart"


def test_a_product_is_learned_when_there_is_news(learned, say, product, owner):
    learning, stamp = Learning.objects.get(product=product), read_stamp(product)
    assert not is_due(learning, stamp, learning.finished_at + timedelta(days=9)), "nothing is new"
    assert learn_changed(learning.finished_at) == []
    news = Stamp("other", stamp.n_marks + 1, stamp.n_pieces)
    assert not is_due(learning, news, learning.finished_at), "one link more is little news"
    assert is_due(learning, news, learning.finished_at + timedelta(days=1))
    much = Stamp("other", stamp.n_marks + 5, stamp.n_pieces)
    assert not is_due(learning, much, learning.finished_at) and is_due(
        learning, much, learning.finished_at + timedelta(minutes=10)
    )
    assert is_due(
        learning, Stamp("other", stamp.n_marks, stamp.n_pieces + 20), learning.finished_at + timedelta(minutes=10)
    )
    # A worker that died is found by its silence; what was learned before stays in use meanwhile.
    ask_to_learn(product)
    Learning.objects.update(state="running", n_attempts=1, heartbeat_at=learning.finished_at - timedelta(hours=1))
    assert requeue_dead_learnings() == [learning.pk]
    assert suggest(say("It loads slowly"), owner).is_learned


def test_unlinked_pieces_become_a_theme_or_are_never_offered_again(learned, product, owner, viewer):
    proposal = ThemeProposal.objects.get()
    assert "dark" in proposal.name.lower() and proposal.n_pieces == 4
    learn(product)
    again = ThemeProposal.objects.get()
    assert again.pk == proposal.pk, "a proposal keeps its number from one learning to the next"
    taken = Feedback.objects.filter(text=DARK[0]).get()
    link_theme(learned["Speed"], taken, actor=owner)
    theme, n_linked = accept_proposal(again, actor=owner, version=1, name="Dark mode")
    assert (theme.name, n_linked) == ("Dark mode", 3), "what was linked meanwhile is left alone"
    assert set(ThemeLink.objects.filter(theme=theme).values_list("feedback__state", flat=True)) == {"triaged"}
    with pytest.raises(Conflict):
        reject_proposal(again, actor=owner, version=1)
    verbs = AuditEntry.objects.filter(verb__startswith="proposed_theme.").values_list("verb", flat=True)
    assert list(verbs) == ["proposed_theme.accepted"]


def test_what_was_rejected_is_not_offered_again(learned, product, owner, say):
    reject_proposal(ThemeProposal.objects.get(), actor=owner, version=1)
    say("Dark mode, please, for the night")
    learn(product)
    assert list(ThemeProposal.objects.values_list("state", flat=True)) == ["rejected"]


def test_the_page_decides_and_is_for_the_team(learned, product, owner, outsider, client_of):
    proposal = ThemeProposal.objects.get()
    page = client_of(outsider).get("/voice/suggestions/", {"product": product.slug})
    assert proposal.name not in page.content.decode()
    assert client_of(outsider).post(f"/voice/suggestions/{proposal.pk}/reject/", {"version": 1}).status_code == 404
    client = client_of(owner)
    page = client.get("/voice/suggestions/", {"product": product.slug}).content.decode()
    assert proposal.name in page and "16 links and quotes to 2 themes" in page
    answer = client.post(f"/voice/suggestions/{proposal.pk}/accept/", {"name": "Night", "parent": "", "version": "1"})
    assert answer.headers["Location"] == Theme.objects.get(name="Night").get_absolute_url()


def test_the_api_suggests_judges_and_decides(learned, product, owner, say, client_of):
    client, piece = client_of(owner), say("It loads slowly again")
    found = client.get(f"/api/v1/theme-suggestions/{piece.pk}/").json()
    assert found["is_learned"] and found["themes"][0]["theme_id"] == learned["Speed"].pk
    verdict = {"feedback": piece.pk, "theme": learned["Speed"].pk, "is_accepted": False}
    made = client.post("/api/v1/suggestion-verdicts/", verdict, content_type="application/json")
    assert made.status_code == 201
    assert "Speed" not in names_for(piece, owner)
    assert client.delete(f"/api/v1/suggestion-verdicts/{made.json()['id']}/").status_code == 204
    assert names_for(piece, owner)[0] == "Speed" and not Verdict.objects.exists()
    proposal = client.get("/api/v1/theme-proposals/?state=open").json()["results"][0]
    assert len(proposal["feedback"]) == 4
    url = f"/api/v1/theme-proposals/{proposal['id']}/"
    assert client.post(f"{url}reject/", {"version": 9}, content_type="application/json").status_code == 409
    assert client.post(f"{url}reject/", {"version": 1}, content_type="application/json").json()["state"] == "rejected"


def test_a_piece_that_names_somebody_known_suggests_them(say, product, owner):
    space = default_id_space(product)
    number_ids(DistinctId, space, {"ann@acme.example"})
    number_ids(Account, space, {"acme-works"})
    found = suggest(say("Ask ann@acme.example of acme-works, or bob@acme.example."), owner).speakers
    assert [(one.kind, one.id) for one in found] == [("person", "ann@acme.example"), ("account", "acme-works")]


def test_nothing_that_was_learned_outlives_an_erased_person(say, product, owner, ops, learned, tmp_path):
    for text in ("Zanzibar dark mode of Zebedee", "Zanzibar dark mode at night, says Zebedee"):
        say(text, person="zebedee")
    learn(product)
    reject_proposal(ThemeProposal.objects.get(), actor=owner, version=1)
    folder = tmp_path / "suggestions" / str(product.pk)
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert kept and not any(b"ebedee" in path.read_bytes().lower() for path in kept), "words are never kept"
    for eraser in registry.all(PersonEraser):
        if eraser.name in ("feedback", "suggestions"):
            eraser.erase(default_id_space(product), ["zebedee"], ops)
    assert not folder.exists()
    proposal = ThemeProposal.objects.get()
    assert (proposal.state, proposal.name, proposal.words) == ("rejected", "", [])
    assert suggest(say("It loads slowly"), owner).themes == ()
    assert learn(product).n_pieces == 21, "the pieces of others, and the new one"
    assert list(ThemeProposal.objects.values_list("state", flat=True)) == ["rejected"], "its hashes tell it again"


def test_a_learning_that_read_an_erased_person_is_not_kept(learned, product, owner, monkeypatch):
    from insights.voice.suggestions import jobs

    def erase_meanwhile(*args):
        Learning.objects.update(n_erasures=1)
        return []

    token = Learning.objects.get().token
    monkeypatch.setattr(jobs, "_group", erase_meanwhile)
    run_learning(ask_to_learn(product).pk)
    learning = Learning.objects.get()
    assert (learning.state, learning.token) == ("waiting", token)
    folder = keeping._folder(product.pk)
    assert [path.name for path in folder.iterdir()] == [token]


def embed_by_length(texts):
    """Stand for a company's own model: texts with “slow” in one direction, others in another."""
    return [[1.0, 0.1 * len(text) / 100] if "slow" in text.lower() else [0.1, 1.0] for text in texts]


def test_a_company_may_plug_its_own_embedding_in(learned, say, product, owner, settings):
    settings.VOICE_EMBEDDER = f"{__name__}.embed_by_length"
    piece = say("slow")
    assert not suggest(piece, owner).is_learned, "what another made is of no use"
    learn(product)
    found = suggest(piece, owner)
    assert found.is_learned and found.themes[0].name == "Speed"
    assert found.similar[0].score == pytest.approx(1, abs=0.01)
    settings.VOICE_EMBEDDER = f"{__name__}.not_there"
    run_learning(ask_to_learn(product).pk)
    learning = Learning.objects.get()
    assert learning.state == "failed" and "is no function" in learning.error


def test_an_embedder_that_is_not_there_stops_the_start(settings):
    for name in ("nowhere.embed", "embed", "insights.nowhere.embed", "insights.voice."):
        settings.VOICE_EMBEDDER = name
        with pytest.raises(ImproperlyConfigured, match="VOICE_EMBEDDER"):
            check_embedder()
    settings.VOICE_EMBEDDER = "insights.voice.texts.public.mask"
    check_embedder()


def test_files_that_are_no_numbers_are_refused(learned, product, owner, say):
    folder = keeping._folder(product.pk) / Learning.objects.get().token
    np.save(folder / "index_ids.npy", np.array([{"not": "a number"}], dtype=object), allow_pickle=True)
    keeping._open.clear()
    found = suggest(say("It loads slowly"), owner)
    assert not found.is_learned and found.similar == ()
