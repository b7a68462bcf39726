"""Addresses of the people room."""

from django.urls import path

from portal.people.views import own, products, teams, users

app_name = "people"
urlpatterns = [
    path("people/", users.user_list, name="user-list"),
    path("people/new/", users.user_new, name="user-new"),
    path("people/<int:user_id>/", users.user_page, name="user-page"),
    path("people/<int:user_id>/deactivate/", users.user_deactivate, name="user-deactivate"),
    path("people/<int:user_id>/activate/", users.user_activate, name="user-activate"),
    path("people/<int:user_id>/invite/", users.user_invite, name="user-invite"),
    path("people/teams/", teams.team_list, name="team-list"),
    path("people/teams/new/", teams.team_new, name="team-new"),
    path("people/teams/<slug:slug>/", teams.team_page, name="team-page"),
    path("people/teams/<slug:slug>/members/", teams.member_add, name="member-add"),
    path("people/teams/<slug:slug>/members/<int:user_id>/remove/", teams.member_remove, name="member-remove"),
    path("people/products/", products.product_list, name="product-list"),
    path("people/products/new/", products.product_new, name="product-new"),
    path("people/products/<slug:slug>/", products.product_page, name="product-page"),
    path("profile/", own.profile_page, name="profile"),
    path("profile/tokens/", own.token_list, name="token-list"),
    path("profile/tokens/<int:token_id>/revoke/", own.token_revoke, name="token-revoke"),
    path("profile/theme/", own.theme_choose, name="theme-choose"),
    path("profile/product/", own.product_choose, name="product-choose"),
]
