"""Pages of inlets: make one, exchange its secret, close it, and what to tell the sender."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from insights.voice.intake.access import EDIT, get_inlet
from insights.voice.intake.actions import OLD_SECRET_OPENS, close_inlet, create_inlet, exchange_secret
from insights.voice.intake.forms import InletForm
from insights.voice.intake.models import Inlet
from insights.voice.intake.receiving import MOST_BYTES, MOST_ITEMS, MOST_REQUESTS
from portal.people.public import can, require
from portal.shell.public import render_page


def _page(request: HttpRequest, form: InletForm | None = None, secret: str = "", inlet: Inlet | None = None) -> Any:
    user = request.user
    products = [product for product in user.visible_products if can(user, EDIT, product)]
    inlets = Inlet.objects.visible_to(user).select_related("product__team", "channel", "created_by")
    context = {
        "inlets": inlets,
        "form": form or (InletForm(products=products) if products else None),
        "new_secret": secret,
        "new_inlet": inlet,
        "host": f"{request.scheme}://{request.get_host()}",
        "limits": {"bytes": MOST_BYTES, "items": MOST_ITEMS, "requests": MOST_REQUESTS},
        "old_opens_hours": int(OLD_SECRET_OPENS.total_seconds() // 3600),
    }
    return render_page(request, "insights/voice/inlet_list.html", context, status=422 if form else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def inlet_list(request: HttpRequest) -> HttpResponse:
    """List the inlets of the user's teams; a POST makes one and shows its secret this once."""
    if request.method == "GET":
        return _page(request)
    require(request.user, EDIT)
    products = [product for product in request.user.visible_products if can(request.user, EDIT, product)]
    form = InletForm(request.POST, products=products)
    if not form.is_valid():
        return _page(request, form=form)
    values = dict(form.cleaned_data)
    inlet, secret = create_inlet(values.pop("product"), actor=request.user, **values)
    return _page(request, secret=secret, inlet=inlet)


@never_cache
@require_POST
def inlet_exchange(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an inlet a new secret, shown this once."""
    inlet = get_inlet(request.user, pk, write=True)
    inlet, secret = exchange_secret(inlet, actor=request.user, has_leaked=bool(request.POST.get("has_leaked")))
    return _page(request, secret=secret, inlet=inlet)


@require_http_methods(["GET", "POST"])
def inlet_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then close an inlet for good."""
    inlet = get_inlet(request.user, pk, write=True)
    if request.method == "GET":
        return render_page(request, "insights/voice/inlet_close.html", {"inlet": inlet})
    close_inlet(inlet, actor=request.user)
    messages.success(request, f"{inlet.name} is closed. What came by it stays.")
    return redirect("intake:inlet-list")
