"""Addresses of scoring models, of what was said of an initiative, and of blind rounds."""

from django.urls import path

from roadmaps.planning.scoring.views import models, rounds, scores

app_name = "scoring"
urlpatterns = [
    path("models/", models.model_list, name="model-list"),
    path("models/new/", models.model_new, name="model-new"),
    path("models/<slug:slug>/", models.model_page, name="model-page"),
    path("models/<slug:slug>/edit/", models.model_edit, name="model-edit"),
    path("models/<slug:slug>/archive/", models.model_archive, name="model-archive"),
    path("models/<slug:slug>/restore/", models.model_restore, name="model-restore"),
    path("initiatives/<int:pk>/<slug:slug>/", scores.score_page, name="score-page"),
    path("initiatives/<int:pk>/<slug:slug>/delete/", scores.score_delete, name="score-delete"),
    path("initiatives/<int:pk>/<slug:slug>/confirm/", scores.score_confirm, name="score-confirm"),
    path("undo/<uuid:batch>/", scores.undo, name="undo"),
    path("rounds/", rounds.round_list, name="round-list"),
    path("rounds/mine/", rounds.mine, name="round-mine"),
    path("rounds/new/", rounds.round_new, name="round-new"),
    path("rounds/<int:pk>/", rounds.round_page, name="round-page"),
    path("rounds/<int:pk>/ballot/", rounds.ballot, name="ballot"),
    path("rounds/<int:pk>/take-back/", rounds.ballot_take_back, name="ballot-take-back"),
    path("rounds/<int:pk>/reveal/", rounds.round_reveal, name="round-reveal"),
    path("rounds/<int:pk>/cancel/", rounds.round_cancel, name="round-cancel"),
    path("rounds/<int:pk>/items/<int:item>/remark/", rounds.remark_new, name="remark-new"),
    path("rounds/<int:pk>/items/<int:item>/settle/", rounds.item_settle, name="item-settle"),
]
