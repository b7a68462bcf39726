"""Addresses of the roadmap."""

from django.urls import path

from roadmaps.plan.board.views import cards, feeds, kept, log, roadmap

app_name = "roadmap"
urlpatterns = [
    path("", roadmap.board, name="board"),
    path("cards/", roadmap.cell, name="cell"),
    path("lines/", roadmap.lines, name="lines"),
    path("<int:pk>/move/", cards.move, name="move"),
    path("<int:pk>/drop/", cards.drop, name="drop"),
    path("<int:pk>/health/", cards.health, name="health"),
    path("<int:pk>/promise/", log.promise_new, name="promise-new"),
    path("promises/", log.promise_list, name="promise-list"),
    path("promises/<int:pk>/withdraw/", log.promise_withdraw, name="promise-withdraw"),
    path("moves/", log.move_list, name="move-list"),
    path("since/", log.since_visit, name="since"),
    path("views/", kept.view_list, name="view-list"),
    path("views/save/", kept.view_save, name="view-save"),
    path("views/<int:pk>/delete/", kept.view_delete, name="view-delete"),
    path("calendar/", feeds.calendar_page, name="calendar"),
]
