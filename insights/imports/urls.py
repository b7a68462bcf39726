"""Addresses of imports."""

from django.urls import path

from insights.imports.views import imports, wizard

app_name = "imports"
urlpatterns = [
    path("", imports.import_list, name="import-list"),
    path("new/<slug:kind>/", wizard.import_new, name="import-new"),
    path("<int:pk>/", imports.import_page, name="import-page"),
    path("<int:pk>/columns/", wizard.import_map, name="import-map"),
    path("<int:pk>/second-file/", wizard.import_second, name="import-second"),
    path("<int:pk>/problems/", imports.import_problems, name="import-problems"),
    path("<int:pk>/run/", imports.import_run, name="import-run"),
    path("<int:pk>/cancel/", imports.import_cancel, name="import-cancel"),
    path("<int:pk>/undo/", imports.import_undo, name="import-undo"),
    path("<int:pk>/delete/", imports.import_delete, name="import-delete"),
]
