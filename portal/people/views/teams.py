"""Teams and products, for admins."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people import actions
from portal.people.access import get_product, get_team, get_user, require
from portal.people.filters import ProductListFilter, TeamListFilter
from portal.people.forms import MemberForm, ProductForm, TeamForm
from portal.people.models import Product, Team
from portal.shell.lists import build_list, csv_answer
from portal.shell.public import render_page

TEAM_COLUMNS = {
    "name": lambda team: team.name,
    "short name": lambda team: team.slug,
    "members": lambda team: team.n_members,
}
PRODUCT_COLUMNS = {
    "name": lambda product: product.name,
    "short name": lambda product: product.slug,
    "team": lambda product: product.team.name,
    "owner": lambda product: str(product.owner or ""),
    "visibility": lambda product: product.visibility,
    "created": lambda product: product.created_at,
}


@require_GET
def team_list(request: HttpRequest) -> HttpResponse:
    """List teams."""
    require(request.user, "teams.edit")
    found = TeamListFilter(request.GET, queryset=Team.objects.annotate(n_members=Count("membership")))
    if request.GET.get("format") == "csv":
        return csv_answer("teams", TEAM_COLUMNS, found.qs.order_by("name"))
    listed = build_list(request, found, {"name": "name", "members": "n_members"}, "name")
    return render_page(request, "portal/people/team_list.html", {"list": listed}, fragment="rows")


@require_http_methods(["GET", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """Create a team."""
    require(request.user, "teams.edit")
    form = TeamForm(request.POST or None)
    if form.is_valid():
        team = actions.create_team(actor=request.user, **form.cleaned_data)
        messages.success(request, f"The team {team} is there. Put people into it.")
        return redirect("people:team-page", slug=team.slug)
    context = {"form": form, "title": "New team", "action": "Create team", "here": "teams"}
    return render_page(request, "portal/people/thing_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def team_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a team with its members and products, and save its name."""
    team = get_team(request.user, slug, write=True)
    form = TeamForm(request.POST or None, instance=get_team(request.user, slug))
    if form.is_valid():
        actions.change_team(team, actor=request.user, **form.cleaned_data)
        messages.success(request, f"{team} is saved.")
        return redirect("people:team-page", slug=team.slug)
    context = {
        "team": team,
        "form": form,
        "member_form": MemberForm(team=team),
        "members": team.members.order_by("name"),
        "products": Product.objects.filter(team=team),
        "history": history_of(team),
    }
    return render_page(request, "portal/people/team_page.html", context, status=422 if form.is_bound else 200)


@require_POST
def member_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a person into a team."""
    team = get_team(request.user, slug, write=True)
    form = MemberForm(request.POST, team=team)
    if form.is_valid():
        actions.add_member(team, form.cleaned_data["user"], actor=request.user)
        messages.success(request, f"{form.cleaned_data['user']} is in {team}.")
    else:
        messages.error(request, "Choose a person who is not in the team yet.")
    return redirect("people:team-page", slug=slug)


@require_POST
def member_remove(request: HttpRequest, slug: str, user_id: int) -> HttpResponse:
    """Take a person out of a team."""
    team = get_team(request.user, slug, write=True)
    user = get_user(request.user, user_id)
    actions.remove_member(team, user, actor=request.user)
    messages.success(request, f"{user} is no longer in {team}.")
    return redirect("people:team-page", slug=slug)


@require_GET
def product_list(request: HttpRequest) -> HttpResponse:
    """List products."""
    require(request.user, "products.edit")
    found = ProductListFilter(request.GET, queryset=Product.objects.select_related("team", "owner"))
    if request.GET.get("format") == "csv":
        return csv_answer("products", PRODUCT_COLUMNS, found.qs.order_by("name"))
    sorts = {"name": "name", "team": "team__name", "created": "created_at"}
    listed = build_list(request, found, sorts, "name")
    return render_page(request, "portal/people/product_list.html", {"list": listed}, fragment="rows")


@require_http_methods(["GET", "POST"])
def product_new(request: HttpRequest) -> HttpResponse:
    """Create a product."""
    require(request.user, "products.edit")
    form = ProductForm(request.POST or None)
    if form.is_valid():
        product = actions.create_product(actor=request.user, **form.cleaned_data)
        messages.success(request, f"The product {product} is there.")
        return redirect("people:product-page", slug=product.slug)
    context = {"form": form, "title": "New product", "action": "Create product", "here": "products"}
    return render_page(request, "portal/people/thing_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def product_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a product, and save what an admin changes."""
    product = get_product(request.user, slug, write=True)
    form = ProductForm(request.POST or None, instance=get_product(request.user, slug))
    if form.is_valid():
        actions.change_product(product, actor=request.user, **form.cleaned_data)
        messages.success(request, f"{product} is saved.")
        return redirect("people:product-page", slug=product.slug)
    context = {"product": product, "form": form, "history": history_of(product)}
    return render_page(request, "portal/people/product_page.html", context, status=422 if form.is_bound else 200)
