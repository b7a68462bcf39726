"""What an initiative needs, and where more of it is written: added and taken away on its page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.shell.public import BadInput, answer_form, render_page
from roadmaps.planning.initiatives.access import get_dependency, get_initiative, get_link
from roadmaps.planning.initiatives.dependencies import add_dependency, add_link, remove_dependency, remove_link
from roadmaps.planning.initiatives.forms import DependencyForm, LinkForm
from roadmaps.planning.initiatives.models import Initiative
from roadmaps.planning.initiatives.reading import build_page

_MOST_OFFERED = 20


@require_http_methods(["GET", "POST"])
def dependency_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an initiative waits for."""
    initiative, user = get_initiative(request.user, pk, write=True), request.user
    form = DependencyForm(request.POST or None, auto_id="needs-%s")

    def save(*, needs: str, note: str) -> Initiative:
        add_dependency(initiative, _named(user, needs, initiative), actor=user, note=note)
        return initiative

    context = {"initiative": initiative, "page": build_page(initiative, user, today=timezone.localdate())}
    context |= {"dependency_form": form, "link_form": LinkForm(auto_id="link-%s")}
    return answer_form(request, "roadmaps/planning/initiative_page.html", form, save, "Noted.", **context)


def _named(user: Any, text: str, initiative: Initiative) -> Initiative:
    """Return the one initiative that a text names: by its title, or by the number that an offer ends with."""
    seen = Initiative.objects.visible_to(user).exclude(pk=initiative.pk)
    number = text.rpartition("#")[2].strip()
    if "#" in text and number.isdecimal() and len(number) < 19:
        found = list(seen.filter(pk=number))
    else:
        found = list(seen.filter(title__iexact=text.strip())[:2]) or list(seen.matching(text)[:2])
    if len(found) != 1:
        fault = "Several fit these words." if found else "No other initiative that you may see fits these words."
        raise BadInput(fields={"needs": [f"{fault} Choose one of the list."]})
    return found[0]


@require_GET
def offers(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer initiatives while one types what another needs."""
    get_initiative(request.user, pk)
    text = request.GET.get("needs", "").strip()[:200].replace("\0", "")
    seen = Initiative.objects.visible_to(request.user).exclude(pk=pk)
    found = seen.matching(text).select_related("product").order_by("title", "pk")[:_MOST_OFFERED] if text else ()
    return render_page(request, "roadmaps/planning/initiative_offers.html", {"found": found}, fragment="offers")


@require_POST
def dependency_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an initiative waits for another one no more."""
    dependency = get_dependency(request.user, pk, write=True)
    remove_dependency(dependency, actor=request.user)
    messages.success(request, f"It does not wait for “{dependency.needs}” any more.")
    return redirect(dependency.initiative)


@require_http_methods(["GET", "POST"])
def link_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add where more is written."""
    initiative, user = get_initiative(request.user, pk, write=True), request.user
    form = LinkForm(request.POST or None, auto_id="link-%s")

    def save(**values: Any) -> Initiative:
        add_link(initiative, actor=user, **values)
        return initiative

    context = {"initiative": initiative, "page": build_page(initiative, user, today=timezone.localdate())}
    context |= {"link_form": form, "dependency_form": DependencyForm(auto_id="needs-%s")}
    return answer_form(request, "roadmaps/planning/initiative_page.html", form, save, "The link is added.", **context)


@require_POST
def link_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link away."""
    link = get_link(request.user, pk, write=True)
    remove_link(link, actor=request.user)
    messages.success(request, "The link is taken away.")
    return redirect(link.initiative)
