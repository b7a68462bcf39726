"""Cohorts by a rule: made and changed with the builder's rows."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from insights.catalogue.public import list_event_names, sources_of_products
from insights.cohorts.public import Cohort, create_rule, get_cohort, update_cohort
from insights.explore.builder.drafts import Draft
from insights.explore.cohort_choices import cohort_choices
from insights.explore.picking import MOST_ON_PAGE, build_pickers
from insights.explore.queries import default_products
from insights.explore.rule_form import RuleRows, check_rule, edit_rows, read_rows, start_rows, to_rows, to_rule
from portal.people.public import Visibility, require
from portal.shell.public import BadInput, render_page


class RuleForm(forms.Form):
    """What a cohort by a rule is called, and about whom it is."""

    name = forms.CharField(max_length=120, help_text="Say who they are, such as “Heavy planners”.")
    product = forms.ChoiceField()
    unit = forms.ChoiceField(choices=Cohort.Unit.choices, label="Of", initial=Cohort.Unit.PERSON)
    description = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    visibility = forms.ChoiceField(choices=Visibility.choices, label="Who may use it", initial=Visibility.COMPANY)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, cohort: Cohort | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [(product.slug, product.name) for product in user.visible_products]
        if cohort is not None:  # what it is about stays
            del self.fields["product"], self.fields["unit"]


@require_http_methods(["GET", "POST"])
def cohort_rule_new(request: HttpRequest) -> HttpResponse:
    """Make a cohort by a rule."""
    require(request.user, "cohorts.create")
    return _answer(request, None)


@require_http_methods(["GET", "POST"])
def cohort_rule_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the rule of a cohort."""
    cohort = get_cohort(request.user, slug, write=True)
    if cohort.kind != Cohort.Kind.RULE:
        raise BadInput("Only a cohort by a rule has one to change.")
    return _answer(request, cohort)


def _answer(request: HttpRequest, cohort: Cohort | None) -> HttpResponse:
    form = RuleForm(request.POST or None, initial=_start(request, cohort), user=request.user, cohort=cohort)
    draft = read_rows(request.POST) if request.POST else _rows_of(cohort)
    products, unit = _about(form, cohort)
    errors: dict[str, list[str]] = {}
    focus, status = "", 200
    if request.POST.get("do"):
        form.errors.clear()
        draft, focus = edit_rows(draft, request.POST["do"])
    elif request.POST:
        errors = check_rule(draft, products, unit, user=request.user, now=timezone.now())
        if form.is_valid() and not errors:
            return redirect(_save(request, form.cleaned_data, draft, cohort))
        status = 422
    context = {"form": form, "cohort": cohort, **_shown(request, draft, errors, focus, products)}
    return render_page(request, "insights/explore/cohort_rule.html", context, status=status)


def _start(request: HttpRequest, cohort: Cohort | None) -> dict[str, Any]:
    if cohort is not None:
        return {name: getattr(cohort, name) for name in ("name", "description", "visibility", "version")}
    return {"product": request.GET.get("product") or next(iter(default_products(request.user)), "")}


def _rows_of(cohort: Cohort | None) -> Draft:
    return start_rows() if cohort is None else to_rows(cohort.definition["rule"])


def _about(form: RuleForm, cohort: Cohort | None) -> tuple[list[str], str]:
    if cohort is not None:
        return [product.slug for product in cohort.products.all()], cohort.unit
    return [str(form["product"].value() or "")], str(form["unit"].value() or "person")


def _save(request: HttpRequest, data: dict[str, Any], draft: Draft, cohort: Cohort | None) -> Cohort:
    rule, values = to_rule(draft), dict(data)
    version = values.pop("version", None) or 0
    if cohort is not None:
        return update_cohort(cohort, actor=request.user, version=version, rule=rule, **values)
    slug = values.pop("product")
    products = [product for product in request.user.visible_products if product.slug == slug]
    return create_rule(rule, actor=request.user, products=products, **values)


def _shown(request: HttpRequest, draft: Draft, errors: Any, focus: str, slugs: list[str]) -> dict[str, Any]:
    ids = [product.pk for product in request.user.visible_products if product.slug in slugs]
    sources = sources_of_products(ids)
    rows = RuleRows(draft, errors, {}, focus, cohort_choices(draft, ids, request.user))
    shown = rows.filter_list("filters", draft["filters"], "all", is_root=True)
    others = [text for name, texts in errors.items() if not name.startswith("filters.") for text in texts]
    events = list_event_names(sources, limit=MOST_ON_PAGE + 1)
    return {"list": shown, "others": others, "pickers": build_pickers(sources, events, {**draft, "products": slugs})}
