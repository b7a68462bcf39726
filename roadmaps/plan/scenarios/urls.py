"""Addresses of scenarios."""

from django.urls import path

from roadmaps.plan.scenarios.views import closing, scenarios, trying

app_name = "scenarios"
urlpatterns = [
    path("", scenarios.scenario_list, name="scenario-list"),
    path("new/", scenarios.scenario_new, name="scenario-new"),
    path("<int:pk>/", scenarios.scenario_page, name="scenario-page"),
    path("<int:pk>/edit/", scenarios.scenario_edit, name="scenario-edit"),
    path("<int:pk>/capacity/", trying.capacity, name="capacity"),
    path("<int:pk>/items/<int:item_pk>/", trying.item, name="item"),
    path("<int:pk>/bulk/", trying.bulk, name="bulk"),
    path("<int:pk>/put-in/", trying.put_in, name="put-in"),
    path("<int:pk>/review/", closing.review, name="review"),
    path("<int:pk>/done/", closing.done, name="scenario-done"),
    path("<int:pk>/throw-away/", closing.throw_away, name="throw-away"),
]
