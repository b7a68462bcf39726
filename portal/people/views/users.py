"""The people of the portal, for admins."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people import actions
from portal.people.access import get_user, require
from portal.people.accounts import invite
from portal.people.filters import UserListFilter
from portal.people.forms import NewUserForm, UserForm
from portal.people.models import Team, User
from portal.shell.public import answer_form, answer_list, render_page

SORTS = {"name": "name", "email": "email", "role": "role", "seen": "last_login", "created": "created_at"}
COLUMNS = {
    "name": lambda user: user.name,
    "email": lambda user: user.email,
    "role": lambda user: user.role,
    "teams": lambda user: ", ".join(team.name for team in user.teams.all()),
    "active": lambda user: "yes" if user.is_active else "no",
    "last sign-in": lambda user: user.last_login or "",
    "created": lambda user: user.created_at,
}
FIELDS = ("email", "name", "role", "time_zone")


@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    """List people, with filters, sort, pages and CSV."""
    require(request.user, "people.edit")
    people = User.objects.prefetch_related(Prefetch("teams", Team.objects.order_by("name")))
    found = UserListFilter(request.GET, queryset=people)
    return answer_list(request, "portal/people/user_list.html", found, COLUMNS, SORTS)


@require_http_methods(["GET", "POST"])
def user_new(request: HttpRequest) -> HttpResponse:
    """Invite a person."""
    require(request.user, "people.edit")
    form = NewUserForm(request.POST or None)

    def save(**values: Any) -> User:
        user = actions.create_user(actor=request.user, **values)
        invite(request, user)
        return user

    words = {"title": "Invite a person", "action": "Send invitation", "here": "users"}
    said = "{} is invited. A mail with a link is on its way."
    return answer_form(request, "portal/people/thing_new.html", form, save, said, **words)


@require_http_methods(["GET", "POST"])
def user_page(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show a person, and save what an admin changes."""
    user = get_user(request.user, user_id)
    form = UserForm(request.POST or None, user=user, initial={name: getattr(user, name) for name in FIELDS})
    save = partial(actions.change_user, user, actor=request.user)
    context = {"person": user, "teams": user.teams.all(), "history": history_of(user)}
    return answer_form(request, "portal/people/user_page.html", form, save, "{} is saved.", **context)


@require_http_methods(["GET", "POST"])
def user_deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask, then take a person's access away."""
    user = get_user(request.user, user_id)
    if request.method == "GET":
        return render_page(request, "portal/people/user_deactivate.html", {"person": user})
    actions.deactivate_user(user, actor=request.user)
    messages.success(request, f"{user} has no access any more; sessions and tokens are ended.")
    return redirect(user)


@require_POST
def user_activate(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a person their access back."""
    user = get_user(request.user, user_id)
    actions.activate_user(user, actor=request.user)
    messages.success(request, f"{user} may sign in again.")
    return redirect(user)


@require_POST
def user_invite(request: HttpRequest, user_id: int) -> HttpResponse:
    """Send the link to set a password once more."""
    user = get_user(request.user, user_id)
    actions.note_invitation(user, actor=request.user)
    invite(request, user)
    messages.success(request, f"A mail with a link is on its way to {user.email}.")
    return redirect(user)
