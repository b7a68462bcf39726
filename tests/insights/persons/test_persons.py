"""Persons: found, shown, merged and erased, by those who may and nobody else."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insights.events.public import DistinctId, PersonJoin, describe_people, open_snapshot
from insights.persons.finding import list_persons
from insights.persons.jobs import run_job
from insights.persons.models import PersonJob
from insights.persons.reading import current_traits
from portal.audit.models import AuditEntry
from portal.people.models import Product
from portal.shell.search import find_things
from tests.factories import make_product, make_source, store_events, store_faults
from tests.insights.persons.conftest import at, trait


def number_of(text):
    return DistinctId.objects.get(distinct_id=text).resolved_no


def page_of(who, **query):
    return reverse("persons:person-page", args=[number_of(who)], query=query or None)


def labels(found):
    return [row.label for row in found.rows]


def carried_out(answer):
    """Follow the answer to its job, carry it out and return it."""
    job = PersonJob.objects.latest("pk")
    assert answer.url == reverse("persons:job-page", args=[job.pk])
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job


def test_the_list_counts_joined_ids_once_and_adds_their_events(people, product):
    found = list_persons(product)
    assert labels(found) == ["cy", "bob", "Ann Arbor"]
    ann = found.rows[2]
    assert (ann.n_events, ann.distinct_ids, ann.email) == (3, ("ann", "anon-1"), "Ann@example.com")
    assert (ann.first_seen_at.day, ann.last_seen_at.day, ann.account.account_id) == (1, 9, "acme")
    assert found.rows[1].account.account_id == "acme"
    assert found.rows[0].account is None


@pytest.mark.parametrize("text", ["ann", "ANON", "Ann", "arb", "ann@EX", "anon-1"])
def test_a_person_is_found_by_any_id_word_of_the_name_or_address(people, product, text):
    assert labels(list_persons(product, text)) == ["Ann Arbor"]


@pytest.mark.parametrize("text", ["nn", "rbor", "%", "free", "example"])
def test_what_does_not_begin_so_is_not_found(people, product, text):
    assert labels(list_persons(product, text)) == []


def test_pages_of_the_list_never_overlap(people, product):
    pages = [list_persons(product, page=page, page_size=1) for page in (1, 2, 3)]
    assert [labels(found) for found in pages] == [["cy"], ["bob"], ["Ann Arbor"]]
    assert {found.total for found in pages} == {3}
    assert labels(list_persons(product, page=9, page_size=1)) == ["cy"]


def test_people_whose_load_was_taken_back_are_nobody(people, product, ops):
    from insights.events.public import undo_batch

    undo_batch(people, actor=ops)
    assert list_persons(product).total == 0


def test_the_page_shows_ids_traits_joins_refusals_and_events(people, client_of, viewer):
    page = client_of(viewer).get(page_of("ann")).content.decode()
    for shown in ("Ann Arbor", "anon-1", "Ann@example.com", "pro", "weekly", "visited", "never merges two persons"):
        assert shown in page
    assert "free" not in page
    assert page.index("9 Jan 2024, 10:00:00") < page.index("1 Jan 2024, 10:00:00")
    assert reverse("persons:person-merge", args=[number_of("ann")]) not in page
    assert "Undo" not in page


def test_the_page_of_a_joined_id_is_the_page_of_its_person(people, client_of, viewer):
    joined = DistinctId.objects.get(distinct_id="anon-1")
    answer = client_of(viewer).get(reverse("persons:person-page", args=[joined.no]))
    assert answer.status_code == 302
    assert answer.url == page_of("ann")


def test_others_are_refused_with_a_sentence_and_hidden_products_are_not_there(people, client_of, outsider, product):
    client = client_of(outsider)
    answer = client.get(page_of("ann"))
    assert answer.status_code == 403
    assert "team and for ops. Ask a member" in answer.content.decode()
    assert client.get(reverse("persons:person-list"), {"product": product.slug}).status_code == 403
    Product.objects.update(visibility="team")
    assert client.get(page_of("ann")).status_code == 404
    assert client.get(reverse("persons:person-list"), {"product": product.slug}).status_code == 404
    assert "ann" not in client.get(reverse("persons:refusal-list")).content.decode().partition("<main")[2]
    assert find_things(outsider, "ann", 5) == []


def test_in_a_shared_space_only_what_the_own_sources_saw_is_shown(people, source, client_of, outsider):
    theirs = make_source(make_product("Other", outsider.teams.get()), "Other web", id_space=source.id_space)
    store_events(theirs, [{"event": "clicked", "distinct_id": "ann", "timestamp": at(20)}])
    page = client_of(outsider).get(page_of("ann")).content.decode()
    assert "clicked" in page
    for hidden in ("anon-1", "Ann Arbor", "visited"):
        assert hidden not in page
    assert client_of(outsider).get(page_of("bob")).status_code == 404


def test_the_timeline_pages_through_every_event_once_also_at_equal_times(source, client_of, viewer):
    times = [at(1), *[at(20)] * 70, *[at(day) for day in range(2, 20)]]
    rows = [
        {"event": "did", "distinct_id": "ann", "timestamp": time, "properties": {"place": f"p{place}."}}
        for place, time in enumerate(times)
    ]
    old = {
        "event": "did",
        "distinct_id": "ann",
        "timestamp": "2019-06-01T00:00:00+00:00",
        "properties": {"place": "p99."},
    }
    store_events(source, [*rows, old])
    client, url, seen = client_of(viewer), page_of("ann"), []
    while url:
        page = client.get(url).content.decode()
        seen += re.findall(r"p\d+\.", page)
        older = re.search(r'rel="next" href="([^"#]*)', page)
        url = older and page_of("ann") + older[1].replace("&amp;", "&")
    assert sorted(seen) == sorted([f"p{place}." for place in [*range(len(times)), 99]])
    assert seen[-1] == "p99."
    assert client.get(page_of("ann", before="yesterday")).status_code == 400


def test_the_pages_cost_the_same_for_one_person_and_for_many(source, client_of, viewer, product):
    def n_queries(url):
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def rows(n):
        return [
            {"event": "did", "distinct_id": f"u{no}", "timestamp": at(1 + no % 20), "account_id": f"a{no}"}
            for no in range(n)
        ]

    store_events(source, rows(2))
    client = client_of(viewer)
    names = ("persons:person-list", "persons:account-list")
    addresses = [reverse(name, query=query) for name in names for query in (None, {"q": "u1"})] + [page_of("u1")]
    few = [n_queries(url) for url in addresses]
    store_events(source, rows(120)[2:])
    assert [n_queries(url) for url in addresses] == few
    assert max(few) <= 12, few


def test_a_page_of_the_timeline_ends_where_it_has_read_enough(source, client_of, viewer, monkeypatch):
    monkeypatch.setattr("insights.persons.timeline.MOST_SCANNED", 0)
    months = [f"2024-{month:02d}-03T00:00:00+00:00" for month in (1, 2, 5)]
    rows = [{"event": f"did {time[:7]}", "distinct_id": "ann", "timestamp": time} for time in months]
    store_events(source, rows)
    client, url, seen = client_of(viewer), page_of("ann"), []
    while url:
        page = client.get(url).content.decode()
        seen.append(re.findall(r"did (\d{4}-\d\d)", page))
        older = re.search(r'rel="next" href="([^"#]*)', page)
        url = older and page_of("ann") + older[1].replace("&amp;", "&")
    assert seen == [["2024-05"], ["2024-02"], ["2024-01"]]


def test_equal_times_of_a_trait_give_one_value_on_pages_lists_and_in_questions(source, product, client_of, viewer):
    def said(who, value):
        return trait(who, "plan", value) | {"item_no": 90 + len(who)}

    rows = [{"event": "did", "distinct_id": who, "timestamp": at(1)} for who in ("ann", "a-tablet", "ann-tv")]
    joins = [
        {"kind": "alias", "distinct_id": who, "person_id": "ann", "timestamp": at(2)} for who in ("a-tablet", "ann-tv")
    ]
    store_events(
        source, rows, traits=[said("ann", "team"), said("a-tablet", "pro"), said("ann-tv", "free")], joins=joins
    )
    question = {
        "kind": "trend",
        "products": [product.slug],
        "series": [{"event": "did", "measure": "persons"}],
        "breakdown": [{"property": "plan", "of": "person"}],
        "date_from": "2024-01-01",
        "date_to": "2024-01-02",
    }
    answer = client_of(viewer).post(reverse("api:question-ask"), question, content_type="application/json").json()
    (in_question,) = [line["breakdown"][0] for line in answer["series"]]
    ann = number_of("ann")
    in_list = describe_people([ann], source_ids=[source.pk])[ann].traits["plan"]
    with open_snapshot([source.pk], caller="test") as snapshot:
        ids = DistinctId.objects.values_list("no", flat=True)
        (on_page,) = [one.value for one in current_traits(snapshot, "person", list(ids)) if one.key == "plan"]
    assert in_question == in_list == on_page == "team"


def test_empty_lists_teach(product, client_of, viewer, outsider):
    client = client_of(viewer)
    assert "Nobody yet" in client.get(reverse("persons:person-list")).content.decode()
    assert "No accounts yet" in client.get(reverse("persons:account-list")).content.decode()
    assert "Nothing was refused" in client.get(reverse("persons:refusal-list")).content.decode()
    assert "No product of yours" in client_of(outsider).get(reverse("persons:person-list")).content.decode()


def test_refusals_are_listed_and_counted_on_the_page_of_the_source(people, source, client_of, viewer):
    client = client_of(viewer)
    address = reverse("persons:refusal-list", query={"source": source.slug})
    assert address in client.get(reverse("sources:source-page", args=[source.slug])).content.decode()
    page = client.get(address).content.decode()
    assert page.count("never merges two persons") == 1
    assert client.get(reverse("persons:refusal-list"), {"source": "nowhere"}).status_code == 404


def test_ops_merge_two_persons_by_naming_one_and_take_it_back(people, product, client_of, ops):
    client, url = client_of(ops), reverse("persons:person-merge", args=[number_of("ann")])
    cy = number_of("cy")
    assert "cy" in client.get(url, {"q": "c"}).content.decode()
    assert "becomes a part of them" in client.get(url, {"other": cy}).content.decode()
    wrong = client.post(url, {"other": cy, "confirm": "bob"})
    assert wrong.status_code == 422
    assert "Type it exactly: cy" in wrong.content.decode()
    assert carried_out(client.post(url, {"other": cy, "confirm": "cy"})).kind == "merge"
    assert list_persons(product).total == 2
    assert AuditEntry.objects.filter(verb="person.merged", actor_id=ops.pk).count() == 1
    page = client.get(page_of("ann")).content.decode()
    merged = PersonJoin.objects.get(kind="merge")
    undo = reverse("persons:join-undo", args=[merged.pk])
    assert undo in page
    assert "Ops" in page
    assert carried_out(client.post(undo)).kind == "split"
    assert list_persons(product).total == 3
    assert client.post(undo).status_code == 409
    assert "Undone" in client.get(page_of("ann")).content.decode()
    assert client.get(url, {"other": number_of("anon-1")}).status_code == 400


def test_a_viewer_cannot_take_a_join_back(people, client_of, viewer):
    undo = reverse("persons:join-undo", args=[PersonJoin.objects.get(state="active").pk])
    assert client_of(viewer).post(undo).status_code == 403


def test_ops_erase_a_person_after_typing_the_id(people, product, client_of, ops):
    client, url = client_of(ops), reverse("persons:person-erase", args=[number_of("ann")])
    page = client.get(url).content.decode()
    for said in ("3 events", "3 traits", "2 ids", "anon-1", "backups", "the files that brought them"):
        assert said in page
    assert client.post(url, {"confirm": "Ann"}).status_code == 422
    assert list_persons(product).total == 3
    assert carried_out(client.post(url, {"confirm": "ann"})).batches == [people.pk]
    assert labels(list_persons(product)) == ["cy", "bob"]
    assert not DistinctId.objects.filter(distinct_id__in=["ann", "anon-1"]).exists()
    assert AuditEntry.objects.get(verb="person.erased").actor_id == ops.pk
    assert store_faults() == []
    assert client.get(url).status_code == 404


def test_the_search_finds_a_person_and_an_account_by_the_whole_id(people, viewer):
    assert [(group.kind, [hit.url for hit in group.hits]) for group in find_things(viewer, "anon-1", 5)] == [
        ("Persons", [page_of("ann")])
    ]
    assert find_things(viewer, "anon", 5) == []
    assert [(group.kind, group.hits[0].title) for group in find_things(viewer, "acme", 5)] == [("Accounts", "acme")]
