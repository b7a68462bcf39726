"""Addresses of closing the loop."""

from django.urls import path

from insights.voice.closing.views import tellings, things

app_name = "closing"
urlpatterns = [
    path("", things.loop_list, name="loop-list"),
    path("mine/", things.my_loops, name="loop-mine"),
    path("of/<slug:kind>/<int:thing_id>/", things.thing_page, name="thing-page"),
    path("of/<slug:kind>/<int:thing_id>/people/", things.thing_people, name="thing-people"),
    path("of/<slug:kind>/<int:thing_id>/status/", things.thing_status, name="thing-status"),
    path("of/<slug:kind>/<int:thing_id>/status/new/", things.status_new, name="status-new"),
    path("statuses/<int:pk>/take-back/", things.status_take_back, name="status-take-back"),
    path("statuses/<int:pk>/history/", things.change_history, name="status-history"),
    path("statuses/<int:pk>/send/", things.send_all, name="status-send"),
    path("statuses/<int:pk>/add/", things.add_missing, name="status-add"),
    path("tellings/<int:pk>/", tellings.telling_edit, name="telling-edit"),
    path("tellings/<int:pk>/asked/", tellings.telling_asked, name="telling-asked"),
    path("tellings/<int:pk>/send/", tellings.telling_send, name="telling-send"),
    path("tellings/<int:pk>/told/", tellings.telling_told, name="telling-told"),
    path("tellings/<int:pk>/leave-out/", tellings.telling_leave_out, name="telling-leave-out"),
    path("tellings/<int:pk>/take-back/", tellings.telling_take_back, name="telling-take-back"),
]
