"""Addresses of dashboards, tiles and annotations."""

from django.urls import path

from insights.dashboards.views import annotations, boards, lists, starter, tiles

app_name = "dashboards"
urlpatterns = [
    path("", lists.dashboard_list, name="dashboard-list"),
    path("new/", lists.dashboard_create, name="dashboard-create"),
    path("starter/", starter.starter_create, name="starter-create"),
    path("tiles/new/", tiles.tile_create, name="tile-create"),
    path("tiles/<int:tile_id>/", tiles.tile_page, name="tile-page"),
    path("tiles/<int:tile_id>/csv/", tiles.tile_csv, name="tile-csv"),
    path("tiles/<int:tile_id>/edit/", tiles.tile_edit, name="tile-edit"),
    path("tiles/<int:tile_id>/explore/", tiles.tile_explore, name="tile-explore"),
    path("tiles/<int:tile_id>/question/", tiles.tile_question, name="tile-question"),
    path("tiles/<int:tile_id>/move/", tiles.tile_move, name="tile-move"),
    path("tiles/<int:tile_id>/step/", tiles.tile_step, name="tile-step"),
    path("tiles/<int:tile_id>/duplicate/", tiles.tile_duplicate, name="tile-duplicate"),
    path("tiles/<int:tile_id>/delete/", tiles.tile_delete, name="tile-delete"),
    path("tiles/<int:tile_id>/restore/", tiles.tile_restore, name="tile-restore"),
    path("tiles/<int:tile_id>/refresh/", tiles.tile_refresh, name="tile-refresh"),
    path("annotations/<int:annotation_id>/edit/", annotations.annotation_edit, name="annotation-edit"),
    path("annotations/<int:annotation_id>/delete/", annotations.annotation_delete, name="annotation-delete"),
    path("<slug:slug>/", boards.dashboard_page, name="dashboard-page"),
    path("<slug:slug>/xlsx/", boards.dashboard_xlsx, name="dashboard-xlsx"),
    path("<slug:slug>/pulse/", boards.dashboard_pulse, name="dashboard-pulse"),
    path("<slug:slug>/edit/", boards.dashboard_edit, name="dashboard-edit"),
    path("<slug:slug>/keep/", boards.dashboard_keep, name="dashboard-keep"),
    path("<slug:slug>/archive/", boards.dashboard_archive, name="dashboard-archive"),
    path("<slug:slug>/restore/", boards.dashboard_restore, name="dashboard-restore"),
    path("<slug:slug>/star/", boards.dashboard_star, name="dashboard-star"),
    path("<slug:slug>/home/", boards.dashboard_home, name="dashboard-home"),
    path("<slug:slug>/refresh/", boards.dashboard_refresh, name="dashboard-refresh"),
    path("<slug:slug>/layout/", boards.dashboard_layout, name="dashboard-layout"),
    path("<slug:slug>/tiles/add/", tiles.tile_add, name="tile-add"),
    path("<slug:slug>/annotations/", annotations.annotation_list, name="annotation-list"),
]
