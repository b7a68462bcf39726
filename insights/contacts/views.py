"""Writing persons, accounts and consents down; they are read on the pages of persons and accounts."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from insights.contacts import actions
from insights.contacts.access import (
    get_account_id,
    get_ask,
    get_consent,
    get_contact,
    get_opt_out,
    get_person_id,
    get_record,
    may_write,
    products_to_write_for,
)
from insights.contacts.asks import check_askable, claim_ask, opt_in, opt_out, release_ask
from insights.contacts.consents import give_consent, withdraw_consent
from insights.contacts.finding import source_ids_of
from insights.contacts.forms import (
    AskForm,
    ConsentForm,
    ContactForm,
    NewContactForm,
    NewRecordForm,
    OptOutForm,
    RecordForm,
    TraitNamesForm,
    start_of_contact,
    start_of_names,
    start_of_record,
)
from insights.contacts.meanings import read_keys, set_trait_names, trait_keys_in_use
from insights.contacts.models import AccountRecord, Ask, Contact, OptOut
from insights.events.public import default_id_space, open_snapshot
from portal.audit.public import history_of
from portal.people.public import get_current_product, get_product, require
from portal.shell.public import NotAllowed, answer_form, render_page

MOST_ASKS = 50
_NO_PRODUCT = "People and accounts are written down by members of a product's team. Ask one of them, or an admin."


def _products(request: HttpRequest) -> tuple[list[Any], str]:
    """Return the products to choose from, and the slug of the one to begin with."""
    products = products_to_write_for(request.user)
    if not products:
        raise NotAllowed(_NO_PRODUCT)
    slugs, current = [product.slug for product in products], get_current_product(request.user)
    asked = request.GET.get("product", current.slug if current else "")
    return products, asked if asked in slugs else slugs[0]


@require_http_methods(["GET", "POST"])
def contact_new(request: HttpRequest) -> HttpResponse:
    """Write a person down whom no event needs to name."""
    products, slug = _products(request)
    start = {"product": slug, "owner": request.user.pk}
    form = NewContactForm(request.POST or None, initial=start, products=products, owner_id=request.user.pk)
    save = partial(_create, actions.create_contact, request.user)
    return answer_form(request, "insights/contacts/contact_form.html", form, save, "Written down.", is_new=True)


@require_http_methods(["GET", "POST"])
def record_new(request: HttpRequest) -> HttpResponse:
    """Write an account down that no event needs to name."""
    products, slug = _products(request)
    start = {"product": slug, "owner": request.user.pk}
    form = NewRecordForm(request.POST or None, initial=start, products=products, owner_id=request.user.pk)
    save = partial(_create, actions.create_record, request.user)
    return answer_form(request, "insights/contacts/record_form.html", form, save, "Written down.", is_new=True)


def _create(create: Any, actor: Any, product: Any, **values: Any) -> Any:
    return create(product, actor=actor, **values)


@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, no: int) -> HttpResponse:
    """Change what is written down of a person."""
    row = get_person_id(request.user, no, write=True)
    found = Contact.objects.dressed().filter(person=row)
    contact = found.first()
    form = ContactForm(
        request.POST or None,
        initial=start_of_contact(contact),
        products=[row.id_space.product],
        owner_id=contact.owner_id if contact else request.user.pk,
    )
    save = partial(actions.write_contact, row, actor=request.user)
    context = {"row": row, "contact": contact, "fresh": lambda: start_of_contact(found.first())}
    return answer_form(request, "insights/contacts/contact_form.html", form, save, "Saved.", **context)


@require_http_methods(["GET", "POST"])
def record_edit(request: HttpRequest, no: int) -> HttpResponse:
    """Change what is written down of an account."""
    row = get_account_id(request.user, no, write=True)
    written = AccountRecord.objects.dressed().filter(account=row)
    found = written.first()
    form = RecordForm(
        request.POST or None,
        initial=start_of_record(found),
        products=[row.id_space.product],
        owner_id=found.owner_id if found else request.user.pk,
        keys=read_keys([row.id_space_id]),
    )
    save = partial(actions.write_record, row, actor=request.user)
    context = {"row": row, "found": found, "fresh": lambda: start_of_record(written.first())}
    return answer_form(request, "insights/contacts/record_form.html", form, save, "Saved.", **context)


@require_http_methods(["GET", "POST"])
def contact_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take away what is written down of a person."""
    contact = get_contact(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_contact(contact, actor=request.user)
        messages.success(request, "What was written down of them is gone.")
        return redirect("persons:person-list")
    return render(request, "insights/contacts/contact_delete.html", {"contact": contact})


@require_http_methods(["GET", "POST"])
def record_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take away what is written down of an account."""
    found = get_record(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_record(found, actor=request.user)
        messages.success(request, "What was written down of it is gone.")
        return redirect("persons:account-list")
    return render(request, "insights/contacts/record_delete.html", {"found": found})


@require_http_methods(["GET", "POST"])
def consent_new(request: HttpRequest, no: int) -> HttpResponse:
    """Write down that a person agreed to something."""
    row = get_person_id(request.user, no, write=True)
    form = ConsentForm(request.POST or None, initial={"given_on": timezone.localdate()})

    def save(**values: Any) -> Any:
        give_consent(row, actor=request.user, **values)
        return resolve_url("persons:person-page", no=row.resolved_no)

    return answer_form(request, "insights/contacts/consent_form.html", form, save, "Written down.", row=row)


@require_http_methods(["GET", "POST"])
def consent_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then note that a person took a consent back."""
    consent = get_consent(request.user, pk, write=True)
    if request.method == "POST":
        withdraw_consent(consent, actor=request.user)
        messages.success(request, "Withdrawn. It is kept, with the time, as proof of what held until now.")
        return redirect("persons:person-page", no=consent.person.resolved_no)
    return render(request, "insights/contacts/consent_withdraw.html", {"consent": consent})


@require_GET
def ask_list(request: HttpRequest, no: int) -> HttpResponse:
    """Show what a person was asked and what they want no more, as a piece of their page."""
    row = get_person_id(request.user, no)
    asks = Ask.objects.of_person(row.resolved_no).select_related("asked_by")[:MOST_ASKS]
    context = {
        "row": row,
        "asks": asks,
        "opt_outs": OptOut.objects.of_person(row.resolved_no),
        "why_not": check_askable([row.no], "call").get(row.no),
        "may_write": may_write(request.user, row.id_space),
        "limit_days": settings.ASK_LIMIT_DAYS,
    }
    return render_page(request, "insights/contacts/ask_list.html", context, fragment="asks")


@require_http_methods(["GET", "POST"])
def ask_new(request: HttpRequest, no: int) -> HttpResponse:
    """Claim the right to ask a person something, unless that would be too often."""
    row = get_person_id(request.user, no, write=True)

    def claim(**values: Any) -> str:
        claim_ask(row, actor=request.user, **values)
        return resolve_url("persons:person-page", no=row.resolved_no)

    return answer_form(
        request,
        "insights/contacts/ask_form.html",
        AskForm(request.POST or None),
        claim,
        "Yours: nobody else asks them until the limit allows it.",
        row=row,
        why_not=check_askable([row.no], "call").get(row.no),
    )


@require_http_methods(["GET", "POST"])
def ask_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take back an ask that did not take place."""
    ask = get_ask(request.user, pk, write=True)
    if request.method == "POST":
        release_ask(ask, actor=request.user)
        messages.success(request, "Taken back: they may be asked as if it had never been.")
        return redirect("persons:person-page", no=ask.person.resolved_no)
    return render(request, "insights/contacts/ask_release.html", {"ask": ask})


@require_http_methods(["GET", "POST"])
def opt_out_new(request: HttpRequest, no: int) -> HttpResponse:
    """Note that a person does not want to be asked any more."""
    row = get_person_id(request.user, no, write=True)
    form = OptOutForm(request.POST if request.method == "POST" else None)

    def save(**values: Any) -> Any:
        opt_out(row, actor=request.user, **values)
        return resolve_url("persons:person-page", no=row.resolved_no)

    said = "Noted. Whatever asks from here obeys it."
    return answer_form(request, "insights/contacts/opt_out_form.html", form, save, said, row=row)


@require_http_methods(["GET", "POST"])
def opt_out_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take an opt-out back."""
    said = get_opt_out(request.user, pk, write=True)
    if request.method == "POST":
        opt_in(said, actor=request.user)
        messages.success(request, "Taken back: they may be asked again.")
        return redirect("persons:person-page", no=said.person.resolved_no)
    return render(request, "insights/contacts/opt_out_delete.html", {"said": said})


@require_http_methods(["GET", "POST"])
def trait_names(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which trait of a product's accounts is their plan, segment, status, owner or revenue."""
    product = get_product(request.user, slug)
    require(request.user, "trait_names.edit")
    space = default_id_space(product)
    form = TraitNamesForm(request.POST or None, initial=start_of_names(space))

    def save(*, unit: str, version: str, **names: str) -> str:
        set_trait_names(space, names, unit=unit, seen=version, actor=request.user)
        return request.path

    with open_snapshot(source_ids_of([product.pk]), caller="contacts.trait_names") as snapshot:
        offered = trait_keys_in_use(snapshot)
    context = {"product": product, "offered": offered, "fresh": lambda: start_of_names(space)}
    said = "Saved: every page means the same trait now."
    return answer_form(request, "insights/contacts/trait_names.html", form, save, said, **context)


@require_GET
def contact_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was changed of a contact, as a piece of the person's page."""
    return _history(request, get_contact(request.user, pk))


@require_GET
def record_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was changed of an account's record, as a piece of the account's page."""
    return _history(request, get_record(request.user, pk))


def _history(request: HttpRequest, thing: Any) -> HttpResponse:
    context = {"thing": thing, "history": history_of(thing)}
    return render_page(request, "insights/contacts/written_history.html", context, fragment="history")
