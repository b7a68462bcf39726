"""The page behind a link of a pulse: three questions, no login, no session, no script."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from portal.shell.public import (
    BadInput,
    OpenLimit,
    PortalError,
    TooOften,
    open_to_anybody,
    render_open,
)
from roadmaps.pulses.answering import PulseClosed, find_ticket, goals_in_order, take_answer
from roadmaps.pulses.forms import PulseAnswerForm
from roadmaps.pulses.views import answer_context

MOST_FORMS, MOST_PAGES = 120, 480  # in a minute, of one address of the network: colleagues of an office share one
_GONE = "There is nothing to answer here: this link was used, its pulse is closed, or the link is incomplete."
_THANKS = "Thank you. Your answer is kept, and your link is forgotten."
_PRIVATE = "Nothing that is kept leads back to you. The numbers are shown once the pulse is closed."


def _said(request: HttpRequest, said: str, status: int = 200, more: str = "") -> HttpResponse:
    context = {"said": said, "more": more, "language": "en", "title": "Alignment pulse"}
    return render_open(request, "roadmaps/pulses/answer_said.html", context, status)


def _say_fault(request: HttpRequest, fault: PortalError) -> HttpResponse:
    return _said(request, fault.message if isinstance(fault, TooOften) else _GONE, fault.status)


def _limit() -> OpenLimit:
    return OpenLimit("pulses", MOST_FORMS, MOST_PAGES)


@require_http_methods(["GET", "HEAD", "POST"])
def _answer(request: HttpRequest) -> HttpResponse:
    ticket = find_ticket(request.GET.get("key", ""))
    pulse, goals = ticket.function.pulse, goals_in_order(ticket)
    form = PulseAnswerForm(request.POST if request.method == "POST" else None, goals=goals)
    if request.method == "POST" and form.is_valid():
        try:
            take_answer(ticket, **form.answer)
        except PulseClosed as closed:
            return _said(request, closed.message, 410)
        except BadInput as fault:
            sentences = [sentence for those in fault.fields.values() for sentence in those] or [fault.message]
            form.add_error(None, sentences)
        else:
            return _said(request, _THANKS, more=_PRIVATE)
    return render_open(
        request, "roadmaps/pulses/answer_page.html", answer_context(pulse, form), 422 if form.is_bound else 200
    )


answer = open_to_anybody(_answer, _say_fault, _limit)
