"""Teams and who is in them, for admins."""

from copy import copy
from functools import partial

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people import actions
from portal.people.access import get_team, get_user, require
from portal.people.filters import TeamListFilter
from portal.people.forms import MemberForm, TeamForm
from portal.people.models import Product, Team
from portal.shell.public import answer_form, answer_list

SORTS = {"name": "name", "members": "n_members"}
COLUMNS = {
    "name": lambda team: team.name,
    "short name": lambda team: team.slug,
    "members": lambda team: team.n_members,
}


@require_GET
def team_list(request: HttpRequest) -> HttpResponse:
    """List teams."""
    require(request.user, "teams.edit")
    found = TeamListFilter(request.GET, queryset=Team.objects.annotate(n_members=Count("membership")))
    return answer_list(request, "portal/people/team_list.html", found, COLUMNS, SORTS)


@require_http_methods(["GET", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """Create a team."""
    require(request.user, "teams.edit")
    form, save = TeamForm(request.POST or None), partial(actions.create_team, actor=request.user)
    words = {"title": "New team", "action": "Create team", "here": "teams"}
    said = "The team {} is there. Put people into it."
    return answer_form(request, "portal/people/thing_new.html", form, save, said, **words)


@require_http_methods(["GET", "POST"])
def team_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a team with its members and products, and save its name."""
    team = get_team(request.user, slug, write=True)
    form = TeamForm(request.POST or None, instance=copy(team))  # a form writes into its instance
    context = {
        "team": team,
        "member_form": MemberForm(team=team),
        "members": team.members.order_by("name"),
        "products": Product.objects.filter(team=team),
        "history": history_of(team),
    }
    save = partial(actions.change_team, team, actor=request.user)
    return answer_form(request, "portal/people/team_page.html", form, save, "{} is saved.", **context)


@require_POST
def member_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a person into a team."""
    team = get_team(request.user, slug, write=True)
    form = MemberForm(request.POST, team=team)
    if form.is_valid():
        actions.add_member(team, form.cleaned_data["user"], actor=request.user)
        messages.success(request, f"{form.cleaned_data['user']} is in {team}.")
    else:
        messages.error(request, form.errors["user"][0])
    return redirect(team)


@require_POST
def member_remove(request: HttpRequest, slug: str, user_id: int) -> HttpResponse:
    """Take a person out of a team."""
    team = get_team(request.user, slug, write=True)
    user = get_user(request.user, user_id)
    actions.remove_member(team, user, actor=request.user)
    messages.success(request, f"{user} is no longer in {team}.")
    return redirect(team)
