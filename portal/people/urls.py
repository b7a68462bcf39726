"""Addresses of the people room."""

from django.urls import path

from portal.people.views import own

app_name = "people"
urlpatterns = [
    path("profile/", own.profile_page, name="profile"),
    path("tokens/", own.token_list, name="token-list"),
    path("tokens/<int:token_id>/revoke/", own.token_revoke, name="token-revoke"),
    path("theme/", own.theme_choose, name="theme-choose"),
    path("product/", own.product_choose, name="product-choose"),
]
