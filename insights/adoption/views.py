"""Pages of adoption: how far features are used, and the features themselves."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from insights.adoption.access import get_feature
from insights.adoption.actions import create_feature, delete_feature, update_feature
from insights.adoption.adoption_page import build_adoption_page
from insights.adoption.filters import FeatureListFilter
from insights.adoption.forms import FeatureForm, start_of
from insights.adoption.models import Feature
from portal.people.public import require
from portal.shell.public import NotFound, answer_form, answer_list, render_page

SORTS = {"name": "name", "product": "product__name", "core": "is_core", "owner": "owner__name", "updated": "updated_at"}
COLUMNS = {
    "name": lambda one: one.name,
    "description": lambda one: one.description,
    "product": lambda one: one.product.name,
    "core": lambda one: "yes" if one.is_core else "no",
    "events": lambda one: ", ".join(str(spec["event"]) for spec in one.events),
    "owner": lambda one: str(one.owner or ""),
    "changed": lambda one: one.updated_at,
}


@require_GET
def adoption_page(request: HttpRequest) -> HttpResponse:
    """Show how far a product's features are used."""
    page = build_adoption_page(request.GET, user=request.user, now=timezone.now())
    return render_page(request, "insights/adoption/adoption_page.html", {"page": page}, fragment="answer")


@require_GET
def feature_list(request: HttpRequest) -> HttpResponse:
    """List the features that the user may read."""
    features = Feature.objects.visible_to(request.user).select_related("product", "owner")
    found = FeatureListFilter(request.GET, queryset=features, user=request.user)
    return answer_list(request, "insights/adoption/feature_list.html", found, COLUMNS, SORTS, "name")


@require_http_methods(["GET", "POST"])
def feature_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Name events of a product as a feature."""
    product = next((one for one in request.user.visible_products if one.slug == slug), None)
    if product is None:
        raise NotFound()
    require(request.user, "features.create", product)
    start = {"visibility": "company"}
    form = FeatureForm(request.POST, initial=start, product=product, user=request.user, now=timezone.now())
    return _answer(request, form, partial(_create, product, request.user), product=product)


@require_http_methods(["GET", "POST"])
def feature_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a feature."""
    feature, now = get_feature(request.user, pk, write=True), timezone.now()
    about = {"product": feature.product, "feature": feature}
    form = FeatureForm(request.POST, initial=start_of(feature), user=request.user, now=now, **about)
    return _answer(request, form, partial(_update, feature, request.user), **about)


@require_http_methods(["GET", "POST"])
def feature_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a feature."""
    feature = get_feature(request.user, pk, write=True)
    if request.method == "POST":
        delete_feature(feature, actor=request.user)
        return redirect("adoption:feature-list")
    return render(request, "insights/adoption/feature_delete.html", {"feature": feature})


_FORM = "insights/adoption/feature_form.html"


def _answer(request, form, save, **context):
    """Answer the form: a button of its rows shows it again, else it is saved."""
    if request.POST.get("do"):
        form.edit_rows(request.POST["do"])
        return render_page(request, _FORM, {"form": form, **context})
    return answer_form(request, _FORM, form, save, "“{}” is saved.", **context)


def _create(product, actor, *, version=None, **values):
    return create_feature(product, actor=actor, now=timezone.now(), **values)


def _update(feature, actor, *, version=None, **values):
    return update_feature(feature, actor=actor, now=timezone.now(), version=version or 0, **values)
