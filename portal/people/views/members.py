"""Who is in a team, for admins."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.people import actions
from portal.people.access import get_team, get_user
from portal.people.forms import MemberForm


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
