"""Contacts and accounts as kinds of imports: what their columns become, how they are guessed, where to see them."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from insights.contact_imports.taking import AccountTaker, ContactTaker
from insights.contact_imports.undoing import find_worked, undo_rows
from insights.imports.public import Import, ImportKind, Plan, Target, Worked
from portal.people.public import Product, can

_OWNER = ("owner", "contact owner", "account owner", "owner name", "owner email", "csm", "account manager")
CONTACT_TARGETS = (
    Target("person", "Id, as events know them", ("distinct id", "user id", "person id", "contact id", "id", "userid")),
    Target("address", "E-mail address", ("email", "e mail", "email address", "e mail address", "work email", "mail")),
    Target("name", "Name", ("name", "full name", "contact name", "contact")),
    Target("first_name", "First name", ("first name", "firstname", "given name")),
    Target("last_name", "Last name", ("last name", "lastname", "surname", "family name")),
    Target("title", "What they do", ("title", "job title", "position", "function", "role")),
    Target(
        "account",
        "Account, by its id",
        ("account id", "account", "company id", "company", "organization", "organisation", "workspace id", "workspace"),
    ),
    Target("owner", "Owner, by name or address", _OWNER),
    Target("status", "Status", ("status", "lifecycle stage", "lead status", "stage")),
    Target("next_step", "Next step", ("next step", "next steps", "todo")),
    Target("next_step_on", "Next step by", ("next step by", "next step on", "next step date", "follow up", "due date")),
)
ACCOUNT_TARGETS = (
    Target(
        "account",
        "Id, as events know it",
        (
            "account id",
            "company id",
            "workspace id",
            "organization id",
            "organisation id",
            "id",
            "account",
            "workspace",
        ),
    ),
    Target("name", "Name", ("name", "company name", "account name", "company", "organization", "organisation")),
    Target("owner", "Owner, by name or address", _OWNER),
    Target("plan", "Plan", ("plan", "subscription", "product plan", "tier")),
    Target("segment", "Segment", ("segment", "industry", "size", "company size")),
    Target("status", "Status", ("status", "lifecycle stage", "stage", "health")),
    Target("revenue", "Revenue", ("revenue", "arr", "mrr", "annual revenue", "amount", "contract value", "acv")),
)


class _WrittenImport(ImportKind):
    """What both kinds share."""

    taker_class: Any

    def may(self, user: Any, product: Product | None = None) -> bool:
        """Say whether a user may write people and accounts of a product down."""
        return can(user, "contacts.edit", product)

    def taker(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None) -> Any:
        """Return what looks at rows and writes."""
        return self.taker_class(product, plan, actor=actor, batch=batch)

    def worked(self, batch: Import) -> Worked:
        """Return what people have changed by hand since."""
        return find_worked(batch)

    def undo(self, batch: Import, *, actor: Any, keeps_worked: bool, progress: Callable[..., None]) -> int:
        """Put back what stood there before; return how many were kept."""
        return undo_rows(batch, actor=actor, keeps_worked=keeps_worked, progress=progress)


class ContactImport(_WrittenImport):
    """Files of people: a row a person."""

    name = "contacts"
    title = "contacts"
    nouns = ("contact", "contacts")
    order = 20
    targets = CONTACT_TARGETS
    preview = (
        ("who", "Who"),
        ("name", "Name"),
        ("title", "What they do"),
        ("account", "Account"),
        ("owner", "Owner"),
        ("status", "Status"),
        ("next_step", "Next step"),
    )
    taker_class = ContactTaker
    help = (
        "People with whom you talk: a row a person, known by an id or an e-mail address. An address that events know "
        "is that person. Empty cells leave what is written down as it is."
    )

    def faults(self, plan: Plan) -> list[str]:
        """Ask for what says who it is."""
        if plan.column("person") or plan.column("address"):
            return []
        return ["Say which column holds the id or the e-mail address: by one of them a person is known."]

    def url_of(self, batch: Import) -> str:
        """Return the list of people."""
        return f"{reverse('persons:person-list')}?{urlencode({'product': batch.product.slug})}"


class AccountImport(_WrittenImport):
    """Files of customer companies: a row an account."""

    name = "accounts"
    title = "accounts"
    nouns = ("account", "accounts")
    order = 30
    targets = ACCOUNT_TARGETS
    preview = (
        ("who", "Account"),
        ("name", "Name"),
        ("owner", "Owner"),
        ("plan", "Plan"),
        ("segment", "Segment"),
        ("status", "Status"),
        ("revenue", "Revenue"),
    )
    taker_class = AccountTaker
    help = (
        "Customer companies: a row an account, known by the id that events have for it. What is imported comes before "
        "what their traits say. Empty cells leave what is written down as it is."
    )

    def faults(self, plan: Plan) -> list[str]:
        """Ask for what says which account it is."""
        return [] if plan.column("account") else ["Say which column holds the account's id."]

    def url_of(self, batch: Import) -> str:
        """Return the list of accounts."""
        return f"{reverse('persons:account-list')}?{urlencode({'product': batch.product.slug})}"
