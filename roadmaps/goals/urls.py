"""Addresses of goals, cycles, visions and strategies."""

from django.urls import path, re_path

from roadmaps.goals import cycle_views, key_result_views, objective_views, statement_views

app_name = "goals"
urlpatterns = [
    path("", objective_views.goal_list, name="goal-list"),
    path("mine/", key_result_views.mine, name="mine"),
    path("new/", objective_views.objective_new, name="objective-new"),
    path("<int:pk>/", objective_views.objective_page, name="objective-page"),
    path("<int:pk>/edit/", objective_views.objective_edit, name="objective-edit"),
    path("<int:pk>/close/", objective_views.objective_close, name="objective-close"),
    path("<int:pk>/reopen/", objective_views.objective_reopen, name="objective-reopen"),
    path("<int:pk>/delete/", objective_views.objective_delete, name="objective-delete"),
    path("<int:pk>/key-results/new/", key_result_views.key_result_new, name="key-result-new"),
    path("<int:pk>/key-results/usual/", key_result_views.usual, name="usual"),
    path("key-results/<int:pk>/", key_result_views.key_result_page, name="key-result-page"),
    path("key-results/<int:pk>/edit/", key_result_views.key_result_edit, name="key-result-edit"),
    path("key-results/<int:pk>/delete/", key_result_views.key_result_delete, name="key-result-delete"),
    path("key-results/<int:pk>/value/", key_result_views.value_new, name="value-new"),
    path("key-results/<int:pk>/check-in/", key_result_views.check_in_new, name="check-in-new"),
    path("cycles/", cycle_views.cycle_list, name="cycle-list"),
    path("cycles/new/", cycle_views.cycle_new, name="cycle-new"),
    path("cycles/<int:pk>/edit/", cycle_views.cycle_edit, name="cycle-edit"),
    path("cycles/<int:pk>/delete/", cycle_views.cycle_delete, name="cycle-delete"),
    path("direction/", statement_views.statement_list, name="statement-list"),
    re_path(
        r"^direction/(?P<slug>[-\w]+)/(?P<kind>vision|strategy)/$",
        statement_views.statement_page,
        name="statement-page",
    ),
    re_path(
        r"^direction/(?P<slug>[-\w]+)/(?P<kind>vision|strategy)/edit/$",
        statement_views.statement_edit,
        name="statement-edit",
    ),
    re_path(
        r"^direction/(?P<slug>[-\w]+)/(?P<kind>vision|strategy)/read/$",
        statement_views.statement_read,
        name="statement-read",
    ),
]
