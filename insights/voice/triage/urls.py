"""Addresses of the inbox."""

from django.urls import path

from insights.voice.triage import views

app_name = "triage"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("count/", views.waiting_count, name="waiting-count"),
    path("home/", views.waiting_home, name="waiting-home"),
    path("pace/", views.team_pace, name="team-pace"),
    path("undo/", views.undo_last, name="undo-last"),
    path("<int:pk>/beside/", views.piece_beside, name="piece-beside"),
    path("<int:pk>/who/", views.piece_who, name="piece-who"),
    path("<int:pk>/history/", views.piece_history, name="piece-history"),
    path("<int:pk>/link/", views.piece_link, name="piece-link"),
    path("<int:pk>/archive/", views.piece_archive, name="piece-archive"),
    path("<int:pk>/split/", views.piece_split, name="piece-split"),
    path("<int:pk>/assign/", views.piece_assign, name="piece-assign"),
    path("<int:pk>/ask/", views.piece_ask, name="piece-ask"),
    path("<int:pk>/refuse/", views.piece_refuse, name="piece-refuse"),
    path("<int:pk>/name/", views.piece_name, name="piece-name"),
    path("inquiries/<int:pk>/close/", views.inquiry_close, name="inquiry-close"),
]
