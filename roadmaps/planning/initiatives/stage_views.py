"""What statuses of files mean: the table of a product, changed in place."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from portal.people.public import can, get_current_product
from portal.shell.public import BadInput, Conflict, NotFound, render_page
from roadmaps.planning.initiatives.models import Initiative, Stage, StageName
from roadmaps.planning.initiatives.retelling import name_stage

_MOST = 500


@require_GET
def stage_names(request: HttpRequest) -> HttpResponse:
    """Show the statuses that the files of a product sent, and what each means."""
    user = request.user
    products = list(user.visible_products)
    current = get_current_product(user)
    asked = request.GET.get("product", "") or (current.slug if current else "")
    product = next((one for one in products if one.slug == asked or not asked), None)
    if product is None and products and not request.GET.get("product"):
        product = products[0]
    if product is None and request.GET.get("product"):
        raise NotFound()
    rows = list(StageName.objects.filter(product=product).order_by("stage", "sent")[:_MOST]) if product else []
    seen = Initiative.objects.visible_to(user).filter(product=product).exclude(sent_stage="").order_by()
    counts = dict(seen.values_list("sent_stage").annotate(n=Count("pk")))
    by_text: dict[str, int] = {}
    for sent, n in counts.items():
        by_text[sent.lower()] = by_text.get(sent.lower(), 0) + n
    for row in rows:
        row.n_now = by_text.get(row.sent.lower(), 0)
    context = {"product": product, "products": products, "rows": rows, "stages": Stage.choices}
    context["n_unknown"] = sum(not row.stage for row in rows)
    context["may_edit"] = bool(product) and can(user, "initiatives.create", product)
    return render_page(request, "roadmaps/planning/stage_names.html", context)


@require_POST
def stage_name(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a status means."""
    name = StageName.objects.visible_to(request.user).select_related("product").filter(pk=pk).first()
    if name is None:
        raise NotFound()
    stage, version = request.POST.get("stage", ""), request.POST.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else 0
    try:
        name_stage(name, actor=request.user, stage=stage, version=seen)
    except (BadInput, Conflict) as fault:
        sentences = [one for some in fault.fields.values() for one in some] or [fault.message]
        messages.error(request, " ".join(sentences))
    else:
        said = f"means {Stage(stage).label.lower()}, also in the past." if stage else "means nothing in particular now."
        messages.success(request, f"“{name.sent}” {said}")
    return redirect(f"{reverse('initiatives:stage-names')}?product={name.product.slug}")
