"""Addresses of sources, loads and the quarantine."""

from django.urls import path

from insights.sources.views import batches, quarantine, reading, sources, wizard

app_name = "sources"
urlpatterns = [
    path("sources/", sources.source_list, name="source-list"),
    path("new-source/", sources.source_new, name="source-new"),
    path("sources/<slug:slug>/", sources.source_page, name="source-page"),
    path("sources/<slug:slug>/edit/", sources.source_edit, name="source-edit"),
    path("sources/<slug:slug>/pause/", sources.source_pause, name="source-pause"),
    path("sources/<slug:slug>/delete/", sources.source_delete, name="source-delete"),
    path("sources/<slug:slug>/reading/", reading.reading_edit, name="reading-edit"),
    path("sources/<slug:slug>/read/", reading.read_now, name="read-now"),
    path("sources/<slug:slug>/load/", wizard.upload_new, name="upload-new"),
    path("load/", wizard.load_start, name="load-start"),
    path("uploads/<int:pk>/", wizard.upload_map, name="upload-map"),
    path("uploads/<int:pk>/check/", wizard.upload_check, name="upload-check"),
    path("uploads/<int:pk>/load/", wizard.upload_load, name="upload-load"),
    path("batches/<int:pk>/", batches.batch_page, name="batch-page"),
    path("batches/<int:pk>/cancel/", batches.batch_cancel, name="batch-cancel"),
    path("batches/<int:pk>/undo/", batches.batch_undo, name="batch-undo"),
    path("batches/<int:pk>/again/", batches.batch_again, name="batch-again"),
    path("batches/<int:pk>/map/", batches.batch_map, name="batch-map"),
    path("quarantine/", quarantine.row_list, name="row-list"),
    path("quarantine/replay/", quarantine.rows_replay, name="rows-replay"),
    path("quarantine/dismiss/", quarantine.rows_dismiss, name="rows-dismiss"),
    path("quarantine/<int:pk>/", quarantine.row_page, name="row-page"),
]
