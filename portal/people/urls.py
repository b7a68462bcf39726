"""Addresses of the people room."""

from django.urls import path

from portal.people.views import members, own, users
from portal.people.views.things import PRODUCT, TEAM, thing_list, thing_new, thing_page

app_name = "people"
urlpatterns = [
    path("people/", users.user_list, name="user-list"),
    path("people/new/", users.user_new, name="user-new"),
    path("people/<int:user_id>/", users.user_page, name="user-page"),
    path("people/<int:user_id>/deactivate/", users.user_deactivate, name="user-deactivate"),
    path("people/<int:user_id>/activate/", users.user_activate, name="user-activate"),
    path("people/<int:user_id>/invite/", users.user_invite, name="user-invite"),
    path("people/teams/", thing_list, {"kind": TEAM}, name="team-list"),
    path("people/teams/new/", thing_new, {"kind": TEAM}, name="team-new"),
    path("people/teams/<slug:slug>/", thing_page, {"kind": TEAM}, name="team-page"),
    path("people/teams/<slug:slug>/members/", members.member_add, name="member-add"),
    path("people/teams/<slug:slug>/members/<int:user_id>/remove/", members.member_remove, name="member-remove"),
    path("people/products/", thing_list, {"kind": PRODUCT}, name="product-list"),
    path("people/products/new/", thing_new, {"kind": PRODUCT}, name="product-new"),
    path("people/products/<slug:slug>/", thing_page, {"kind": PRODUCT}, name="product-page"),
    path("profile/", own.profile_page, name="profile"),
    path("profile/tokens/", own.token_list, name="token-list"),
    path("profile/tokens/<int:token_id>/revoke/", own.token_revoke, name="token-revoke"),
    path("profile/theme/", own.theme_choose, name="theme-choose"),
    path("profile/product/", own.product_choose, name="product-choose"),
]
