"""What everybody sets for themselves: profile, tokens, and theme and current product from the frame of every page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.people.access import get_product, get_token
from portal.people.actions import change_preferences, create_token, revoke_token
from portal.people.forms import ProfileForm, TokenForm
from portal.people.models import User
from portal.shell.public import BadInput, render_page


def back_to(request: HttpRequest, default: str = "shell:home") -> HttpResponseRedirect:
    """Redirect to the page that the form came from, if it is ours."""
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(url if is_ours else resolve_url(default))


@require_POST
def theme_choose(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or as the device."""
    theme = request.POST.get("theme", "")
    if theme not in User.Theme.values:
        raise BadInput(fields={"theme": ["Use system, light or dark."]})
    change_preferences(request.user, actor=request.user, theme=theme)
    return back_to(request)


@require_POST
def product_choose(request: HttpRequest) -> HttpResponse:
    """Remember the product that pages speak of; none means all."""
    slug = request.POST.get("product", "")
    product = get_product(request.user, slug) if slug else None
    change_preferences(request.user, actor=request.user, current_product=product)
    return back_to(request)


@require_http_methods(["GET", "POST"])
def profile_page(request: HttpRequest) -> HttpResponse:
    """Show and save a person's own settings."""
    user = request.user
    fields = ["name", "time_zone", "theme", "has_shortcuts"]
    form = ProfileForm(request.POST or None, initial={name: getattr(user, name) for name in fields})
    if form.is_valid():
        change_preferences(user, actor=user, **form.cleaned_data)
        messages.success(request, "Your profile is saved.")
        return redirect("people:profile")
    status = 422 if form.is_bound else 200
    return render_page(request, "portal/people/profile.html", {"form": form, "teams": user.teams.all()}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """Show a person's tokens; a new one's text is in the answer to its form, and nowhere else."""
    form = TokenForm(request.POST or None)
    new_token, status = "", 422 if form.is_bound else 200
    if form.is_valid():
        values = {"name": form.cleaned_data["name"], "scope": form.cleaned_data["scope"]}
        _, new_token = create_token(request.user, actor=request.user, expires_at=form.expires_at(), **values)
        form, status = TokenForm(), 200
    context = {"form": form, "new_token": new_token, "tokens": request.user.tokens.all()[:200]}
    return render_page(request, "portal/people/tokens.html", context, status=status)


@require_POST
def token_revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Make one of the person's own tokens useless."""
    token = get_token(request.user, token_id)
    revoke_token(token, actor=request.user)
    messages.success(request, f"The token “{token.name}” works no more.")
    return redirect("people:token-list")
