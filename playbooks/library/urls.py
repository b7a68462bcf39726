"""Addresses of the library."""

from django.urls import path

from playbooks.library.views import deciding, importing, reading, writing

app_name = "library"
urlpatterns = [
    path("", reading.playbook_list, name="playbook-list"),
    path("new/", writing.playbook_new, name="playbook-new"),
    path("import/", importing.playbook_import, name="playbook-import"),
    path("export/", importing.playbook_export, name="playbook-export"),
    path("preview/", writing.preview, name="preview"),
    path("rules/", deciding.rules, name="rules"),
    path("<slug:slug>/", reading.playbook_page, name="playbook-page"),
    path("<slug:slug>/markdown/", importing.playbook_markdown, name="playbook-markdown"),
    path("<slug:slug>/edit/", writing.playbook_edit, name="playbook-edit"),
    path("<slug:slug>/draft/", reading.draft_page, name="draft-page"),
    path("<slug:slug>/draft/drop/", writing.draft_drop, name="draft-drop"),
    path("<slug:slug>/review/send/", deciding.review_send, name="review-send"),
    path("<slug:slug>/review/take-back/", deciding.review_take_back, name="review-take-back"),
    path("<slug:slug>/review/decline/", deciding.review_decline, name="review-decline"),
    path("<slug:slug>/publish/", deciding.publish, name="publish"),
    path("<slug:slug>/confirm/", deciding.confirm, name="confirm"),
    path("<slug:slug>/retire/", deciding.retire, name="retire"),
    path("<slug:slug>/bring-back/", deciding.bring_back, name="bring-back"),
    path("<slug:slug>/versions/", reading.version_list, name="version-list"),
    path("<slug:slug>/versions/<int:number>/", reading.version_page, name="version-page"),
    path("<slug:slug>/versions/<int:number>/restore/", deciding.restore, name="restore"),
    path("<slug:slug>/compare/", reading.compare, name="compare"),
    path("<slug:slug>/history/", reading.playbook_history, name="playbook-history"),
]
