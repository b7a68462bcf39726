"""Pages of retention: the rules, what each would do tonight and within a month, making, changing, taking back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from insights.voice.conversations.public import show_conversations
from insights.voice.feedback.public import show_all
from insights.voice.retention.access import EDIT, get_rule, products_to_rule
from insights.voice.retention.actions import create_rule, delete_rule, update_rule
from insights.voice.retention.applying import SOON, due, preview
from insights.voice.retention.forms import RuleChangeForm, RuleForm
from insights.voice.retention.models import RetentionRule
from portal.audit.public import history_of
from portal.people.public import can, require
from portal.shell.public import answer_form

MOST_SHOWN = 20


@require_http_methods(["GET", "POST"])
def rule_list(request: HttpRequest) -> HttpResponse:
    """List the rules of the user's products; a POST makes one and shows what it would do."""
    products = products_to_rule(request.user)
    if request.method == "POST":
        require(request.user, EDIT)
    form = RuleForm(request.POST or None, products=products)
    return answer_form(
        request,
        "insights/voice/retention_list.html",
        form,
        lambda product, **values: create_rule(product, today=timezone.localdate(), actor=request.user, **values),
        "Kept. Here is what it will do; nothing is done before tomorrow night.",
        rules=RetentionRule.objects.visible_to(request.user).dressed(),
        may_edit=bool(products),
    )


@require_http_methods(["GET", "POST"])
def rule_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a rule would do tonight and soon, what it did, and the form that changes it."""
    rule = get_rule(request.user, pk, write=request.method == "POST")
    start = {"days": rule.days, "effect": rule.effect, "version": rule.version}
    form = RuleChangeForm(request.POST or None, initial=start)
    today = timezone.localdate()
    rows = list(
        due(rule, today + SOON).dressed().order_by("said_on" if rule.about == "feedback" else "held_on")[:MOST_SHOWN]
    )
    (show_all if rule.about == "feedback" else show_conversations)(rows, request.user, has_names=False)

    def save(**values):
        return update_rule(rule, today=today, actor=request.user, **values)

    context = {"rule": rule, "rows": rows, **preview(rule, today), "history": history_of(rule, limit=20)}
    context["may_edit"] = can(request.user, EDIT, rule.product)
    return answer_form(request, "insights/voice/retention_page.html", form, save, "Changed.", **context)


@require_POST
def rule_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule back."""
    delete_rule(get_rule(request.user, pk, write=True), actor=request.user)
    messages.success(request, "Taken back. Nothing goes by this rule any more.")
    return redirect("retention:rule-list")
