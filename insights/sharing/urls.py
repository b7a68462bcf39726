"""Addresses of packs and public links, for those who are signed in."""

from django.urls import path

from insights.sharing.views import links, packs

app_name = "sharing"
urlpatterns = [
    path("packs/", packs.pack_list, name="pack-list"),
    path("packs/new/", packs.pack_new, name="pack-new"),
    path("packs/<int:pack_id>/", packs.pack_page, name="pack-page"),
    path("packs/<int:pack_id>/remove/", packs.pack_remove, name="pack-remove"),
    path("links/", links.link_list, name="link-list"),
    path("links/new/", links.link_new, name="link-new"),
    path("links/products/", links.product_close, name="product-close"),
    path("links/products/<slug:slug>/open/", links.product_open, name="product-open"),
    path("links/<int:link_id>/", links.link_page, name="link-page"),
    path("links/<int:link_id>/revoke/", links.link_revoke, name="link-revoke"),
]
