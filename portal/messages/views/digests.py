"""A digest in the browser, and the link by which it is stopped."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from portal.messages.access import get_delivery, get_subject
from portal.messages.actions.subscriptions import stop_subscription
from portal.messages.digests import Digest, read_digest, read_unsubscribe_token
from portal.messages.drawing import drawing_key
from portal.messages.models import Drawing, Subscription
from portal.shell.public import NotFound, render_page

_GONE = "The numbers of a digest are kept for 35 days. The page that it was about shows those of today."


def _get_digest(request: HttpRequest, delivery_id: int) -> Digest:
    """Return a person's own digest, if they may still see what it is about."""
    delivery = get_delivery(request.user, delivery_id)
    digest = read_digest(delivery)
    if digest is None or delivery.subscription is None:
        raise NotFound(_GONE)
    subject = get_subject(delivery.subscription.kind)
    if subject is None or subject.find(request.user, delivery.subscription.thing_id) is None:
        raise NotFound()
    return digest


@require_GET
def digest_page(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Show a digest as it was sent."""
    digest = _get_digest(request, delivery_id)

    def source_of(number: int) -> str:
        return reverse("messages:digest-chart", args=[delivery_id, number])

    context = {"digest": digest, "delivery": digest.delivery, "parts": digest.shown(source_of, str)}
    return render_page(request, "portal/messages/digest_page.html", context)


@require_GET
def digest_chart(request: HttpRequest, delivery_id: int, number: int) -> HttpResponse:
    """Answer with one picture of a digest."""
    charts = _get_digest(request, delivery_id).charts
    drawing = Drawing.objects.filter(key=drawing_key(charts[number])).first() if number < len(charts) else None
    if drawing is None:
        raise Http404
    return HttpResponse(
        bytes(drawing.png), content_type="image/png", headers={"Cache-Control": "private, max-age=3600"}
    )


@never_cache
@csrf_exempt  # RFC 8058: the mail program posts, which has no cookie of ours; the signed token says who and what
@login_not_required
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a digest without signing in: a GET asks, for programs open links by themselves; a POST stops."""
    subscription = read_unsubscribe_token(token)
    if subscription is None:
        raise NotFound("This link is not complete. Open it from the mail again, or stop the digest in your profile.")
    if request.method == "POST":
        stop_subscription(subscription, actor=subscription.user, reason=Subscription.StopReason.LINK)
    return render_page(request, "portal/messages/unsubscribe.html", {"subscription": subscription})
