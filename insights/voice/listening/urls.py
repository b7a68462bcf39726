"""Addresses of the contact clock, of whom to call next, and of calls."""

from django.urls import path

from insights.voice.listening.views import calendars, calls, clock

app_name = "listening"
urlpatterns = [
    path("", clock.clock_page, name="clock"),
    path("segments/", clock.clock_segments, name="clock-segments"),
    path("home/", clock.clock_home, name="clock-home"),
    path("unheard/", clock.clock_unheard, name="clock-unheard"),
    path("targets/<slug:slug>/", clock.target_edit, name="target-edit"),
    path("next/", calls.next_calls, name="next-calls"),
    path("next/make/", calls.list_make, name="list-make"),
    path("next/<int:pk>/claim/", calls.call_claim, name="call-claim"),
    path("reasons/", calls.reasons, name="reasons"),
    path("reasons/<int:pk>/remove/", calls.reason_remove, name="reason-remove"),
    path("calls/", calls.call_list, name="call-list"),
    path("calls/<int:pk>/", calls.call_page, name="call-page"),
    path("calls/<int:pk>/end/", calls.call_end, name="call-end"),
    path("calls/<int:pk>/call.ics", calls.call_ics, name="call-ics"),
    path("of/<int:no>/", calls.person_calls, name="person-calls"),
    path("of/<int:no>/claim/", calls.person_claim, name="person-claim"),
    path("calendar/", calendars.calendar_page, name="calendar"),
]
