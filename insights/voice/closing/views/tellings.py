"""One person who is to be told: the words, sending them, telling by hand, leaving out, taking back."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.contacts.public import check_askable
from insights.voice.closing.access import get_kind, get_telling, get_thing
from insights.voice.closing.forms import LeaveOutForm, TellingForm, ToldForm
from insights.voice.closing.models import StatusChange, Telling
from insights.voice.closing.queries import Behind, name_behind, quote_behind
from insights.voice.closing.telling import MESSAGE, change_telling, leave_out, note_told, send_telling, take_back
from insights.voice.themes.public import Asker
from portal.shell.public import answer_form, wants_fragment, was_pressed


def _why_not(telling: Telling) -> str:
    """Return why no mail may go to them now, as far as it is known without asking the store for an address."""
    if telling.person_id is None:
        return "Nobody known asked for this account."
    if not telling.is_waiting:
        return ""
    why = check_askable([telling.person_id], MESSAGE).get(telling.person_id)
    return why.reason if why else ""


@require_GET
def telling_asked(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who is to be told as they are known now, with all that they asked, as a piece of the page."""
    telling, user = get_telling(request.user, pk), request.user
    if not wants_fragment(request):
        return redirect(telling.change)
    change = telling.change
    thing = get_thing(user, change.kind, change.thing_id)
    who = telling.person.resolved_no if telling.person else None
    askers = get_kind(change.kind).behind(thing)
    found = [one for one in askers if (one.person_no == who if who else one.account_no == telling.account_id)]
    row = Behind(found[0] if found else Asker(who, telling.account_id, telling.importance, 0, None), telling)
    quote_behind([row], change.kind, thing, user, most=20)
    name_behind([row], thing)
    return render(request, "insights/voice/telling_asked.html", {"row": row})


@require_http_methods(["GET", "POST"])
def telling_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what somebody is told; change it, and send it."""
    telling = get_telling(request.user, pk, write=True)
    is_sent = was_pressed(request, "send")
    form = TellingForm(request.POST or None, initial=_start(telling))

    def save(**values: Any) -> StatusChange:
        with transaction.atomic():  # words that cannot be sent stay in the form
            saved = change_telling(telling, actor=request.user, **values)
            return (send_telling(saved, actor=request.user) if is_sent else saved).change

    said = "On its way." if is_sent else "Saved."
    context = {"telling": telling, "why_not": _why_not(telling)}
    fresh = {"fresh": lambda: _start(get_telling(request.user, pk))}
    return answer_form(request, "insights/voice/telling_page.html", form, save, said, **fresh, **context)


def _start(telling: Telling) -> dict[str, Any]:
    return {"subject": telling.subject, "text": telling.text, "version": telling.version}


@require_POST
def telling_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft as it is."""
    telling = get_telling(request.user, pk, write=True)
    send_telling(telling, actor=request.user)
    messages.success(request, "On its way.")
    return redirect(telling.change)


@require_http_methods(["GET", "POST"])
def telling_told(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody was told by hand."""
    telling = get_telling(request.user, pk, write=True)
    start = {"version": telling.version, "told_on": timezone.localdate()}
    form = ToldForm(request.POST or None, initial=start)

    def save(**values: Any) -> StatusChange:
        return note_told(telling, actor=request.user, **values).change

    context = {"telling": telling, "act": "told"}
    return answer_form(request, "insights/voice/telling_note.html", form, save, "Noted: they were told.", **context)


@require_http_methods(["GET", "POST"])
def telling_leave_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that somebody is not told."""
    telling = get_telling(request.user, pk, write=True)
    form = LeaveOutForm(request.POST or None, initial={"version": telling.version})

    def save(**values: Any) -> StatusChange:
        return leave_out(telling, actor=request.user, **values).change

    context = {"telling": telling, "act": "leave out"}
    return answer_form(request, "insights/voice/telling_note.html", form, save, "They are left out.", **context)


@require_POST
def telling_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody be told again."""
    telling = get_telling(request.user, pk, write=True)
    version = request.POST.get("version", "")
    take_back(telling, actor=request.user, version=int(version) if version.isdecimal() and len(version) < 10 else 0)
    messages.success(request, "Taken back: they are not told yet.")
    return redirect(telling.change)
