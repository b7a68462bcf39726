"""Addresses of the people room."""

from django.urls import path

from portal.people.views import own, products, teams, users

app_name = "people"
urlpatterns = [
    path("", users.user_list, name="user-list"),
    path("new/", users.user_new, name="user-new"),
    path("<int:user_id>/", users.user_page, name="user-page"),
    path("<int:user_id>/deactivate/", users.user_deactivate, name="user-deactivate"),
    path("<int:user_id>/activate/", users.user_activate, name="user-activate"),
    path("<int:user_id>/invite/", users.user_invite, name="user-invite"),
    path("teams/", teams.team_list, name="team-list"),
    path("teams/new/", teams.team_new, name="team-new"),
    path("teams/<slug:slug>/", teams.team_page, name="team-page"),
    path("teams/<slug:slug>/members/", teams.member_add, name="member-add"),
    path("teams/<slug:slug>/members/<int:user_id>/remove/", teams.member_remove, name="member-remove"),
    path("products/", products.product_list, name="product-list"),
    path("products/new/", products.product_new, name="product-new"),
    path("products/<slug:slug>/", products.product_page, name="product-page"),
    path("profile/", own.profile_page, name="profile"),
    path("tokens/", own.token_list, name="token-list"),
    path("tokens/<int:token_id>/revoke/", own.token_revoke, name="token-revoke"),
    path("theme/", own.theme_choose, name="theme-choose"),
    path("current-product/", own.product_choose, name="product-choose"),
]
