"""Addresses of links to the roadmap, for those who manage them."""

from django.urls import path

from roadmaps.plan.sharing.views import links

app_name = "roadmap_links"
urlpatterns = [
    path("", links.link_list, name="link-list"),
    path("new/", links.link_new, name="link-new"),
    path("<int:pk>/", links.link_page, name="link-page"),
    path("<int:pk>/edit/", links.link_edit, name="link-edit"),
    path("<int:pk>/revoke/", links.link_revoke, name="link-revoke"),
]
