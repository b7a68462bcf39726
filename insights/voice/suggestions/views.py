"""Pages of suggestions: new themes that unlinked feedback seems to have, and what was learned."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.voice.suggestions.access import get_proposal
from insights.voice.suggestions.actions import learn_again
from insights.voice.suggestions.forms import AcceptForm, VersionForm, start_of
from insights.voice.suggestions.models import ThemeProposal
from insights.voice.suggestions.proposing import accept_proposal, reject_proposal, reopen_proposal
from insights.voice.suggestions.queries import read_proposals
from insights.voice.themes.public import Theme, read_tree, theme_choices
from portal.people.public import Product, get_current_product, get_product
from portal.shell.public import BadInput, answer_form, render_page


def _products(request: HttpRequest) -> list[Product]:
    """Return the products whose proposals a user may see: those of their teams, all for ops."""
    user = request.user
    return [one for one in user.visible_products if user.is_ops or one.team_id in user.team_ids]


@require_GET
def proposal_list(request: HttpRequest) -> HttpResponse:
    """Show the new themes that a product's unlinked feedback seems to have."""
    products, asked = _products(request), request.GET.get("product", "")
    current = get_current_product(request.user)
    wanted = asked or (current.slug if current else "")
    product = next((one for one in products if one.slug == wanted), None if asked else next(iter(products), None))
    if asked and product is None:
        get_product(request.user, asked)  # 404 where it is not theirs to see
    page = read_proposals(product, request.user) if product else None
    context = {"page": page, "product": product, "products": products}
    return render_page(request, "insights/voice/proposal_list.html", context, fragment="rows")


@require_http_methods(["GET", "POST"])
def proposal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a theme of a proposal."""
    proposal = get_proposal(request.user, pk, write=True)
    form = AcceptForm(
        request.POST or None, initial=start_of(proposal), choices=theme_choices(*read_tree(proposal.product))
    )

    def save(*, parent: int | None, **values: Any) -> Theme:
        theme, n_linked = accept_proposal(proposal, actor=request.user, parent=_parent(parent, proposal), **values)
        messages.success(request, f"{n_linked:,} piece{'' if n_linked == 1 else 's'} linked to it.")
        return theme

    context = {"proposal": proposal, "fresh": lambda: start_of(get_proposal(request.user, pk))}
    return answer_form(request, "insights/voice/proposal_form.html", form, save, "“{}” is a theme now.", **context)


def _parent(pk: int | None, proposal: ThemeProposal) -> Theme | None:
    if pk is None:
        return None
    return Theme.objects.select_related("product", "team").filter(pk=pk, product=proposal.product).first()


@require_POST
def proposal_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a proposal is no theme."""
    proposal = reject_proposal(get_proposal(request.user, pk, write=True), actor=request.user, version=_seen(request))
    messages.success(request, f"“{proposal}” is not offered again.")
    return redirect(proposal)


@require_POST
def proposal_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rejection back."""
    proposal = reopen_proposal(get_proposal(request.user, pk, write=True), actor=request.user, version=_seen(request))
    messages.success(request, f"“{proposal}” is open again.")
    return redirect(proposal)


@require_POST
def learn_now(request: HttpRequest, slug: str) -> HttpResponse:
    """Have a worker learn a product again."""
    product = get_product(request.user, slug)
    learn_again(product, actor=request.user)
    messages.success(request, "A worker learns it now; reload the page in a minute.")
    return redirect(f"{request.path.partition('learn/')[0]}?product={product.slug}")


def _seen(request: HttpRequest) -> Any:
    form = VersionForm(request.POST)
    if not form.is_valid():
        raise BadInput(fields={"version": ["Name the version that you saw."]})
    return form.cleaned_data["version"]
