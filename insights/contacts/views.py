"""Writing persons, accounts and consents down; they are read on the pages of persons and accounts."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from insights.contacts import actions
from insights.contacts.access import (
    get_account_id,
    get_consent,
    get_contact,
    get_person_id,
    get_record,
    products_to_write_for,
)
from insights.contacts.consents import give_consent, withdraw_consent
from insights.contacts.finding import source_ids_of
from insights.contacts.forms import (
    ConsentForm,
    ContactForm,
    NewContactForm,
    NewRecordForm,
    RecordForm,
    TraitNamesForm,
    start_of_contact,
    start_of_record,
)
from insights.contacts.meanings import read_keys, set_trait_names, trait_keys_in_use
from insights.contacts.models import AccountRecord, Contact, TraitName
from insights.events.public import default_id_space, open_snapshot
from portal.audit.public import history_of
from portal.people.public import get_current_product, get_product, require
from portal.shell.public import BadInput, NotAllowed, answer_form, render_page

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
    contact = Contact.objects.dressed().filter(person=row).first()
    form = ContactForm(
        request.POST or None,
        initial=start_of_contact(contact),
        products=[row.id_space.product],
        owner_id=contact.owner_id if contact else request.user.pk,
    )
    save = partial(actions.write_contact, row, actor=request.user)
    context = {"row": row, "contact": contact}
    return answer_form(request, "insights/contacts/contact_form.html", form, save, "Saved.", **context)


@require_http_methods(["GET", "POST"])
def record_edit(request: HttpRequest, no: int) -> HttpResponse:
    """Change what is written down of an account."""
    row = get_account_id(request.user, no, write=True)
    found = AccountRecord.objects.dressed().filter(account=row).first()
    form = RecordForm(
        request.POST or None,
        initial=start_of_record(found),
        products=[row.id_space.product],
        owner_id=found.owner_id if found else request.user.pk,
        keys=read_keys([row.id_space_id]),
    )
    save = partial(actions.write_record, row, actor=request.user)
    context = {"row": row, "found": found}
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
    if form.is_valid():
        try:
            give_consent(row, actor=request.user, **form.cleaned_data)
            messages.success(request, "Written down.")
            return redirect("persons:person-page", no=row.resolved_no)
        except BadInput as fault:
            for name, sentences in fault.fields.items():
                form.add_error(name, sentences)
    context = {"form": form, "row": row}
    return render_page(request, "insights/contacts/consent_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def consent_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then note that a person took a consent back."""
    consent = get_consent(request.user, pk, write=True)
    if request.method == "POST":
        withdraw_consent(consent, actor=request.user)
        messages.success(request, "Withdrawn. It is kept, with the time, as proof of what held until now.")
        return redirect("persons:person-page", no=consent.person.resolved_no)
    return render(request, "insights/contacts/consent_withdraw.html", {"consent": consent})


@require_http_methods(["GET", "POST"])
def trait_names(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which trait of a product's accounts is their plan, segment, status, owner or revenue."""
    product = get_product(request.user, slug)
    require(request.user, "trait_names.edit")
    space = default_id_space(product)
    rows = {row.meaning: row for row in TraitName.objects.filter(id_space=space)}
    start = {meaning: row.key for meaning, row in rows.items()}
    start["unit"] = next((row.unit for row in rows.values() if row.unit), "")
    form = TraitNamesForm(request.POST or None, initial=start)
    if form.is_valid():
        values = dict(form.cleaned_data)
        set_trait_names(space, values, unit=values.pop("unit"), actor=request.user)
        messages.success(request, "Saved: every page means the same trait now.")
        return redirect("contacts:trait-names", slug=slug)
    with open_snapshot(source_ids_of([product.pk]), caller="contacts.trait_names") as snapshot:
        offered = trait_keys_in_use(snapshot)
    context = {"form": form, "product": product, "offered": offered}
    return render_page(request, "insights/contacts/trait_names.html", context, status=422 if form.is_bound else 200)


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
