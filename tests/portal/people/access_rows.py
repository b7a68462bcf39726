"""Who may open the addresses about people."""

from tests.house.access_table import Row, from_role, signed_in


def a_user(world):
    return {"pk": world.viewer.pk}


def a_team(world):
    return {"slug": world.team.slug}


def a_product(world):
    return {"slug": world.product.slug}


def a_membership(world):
    return {"pk": world.viewer.membership_set.get().pk}


def a_person(world):
    return {"user_id": world.viewer.pk}


def a_member(world):
    return {"slug": world.team.slug, "user_id": world.viewer.pk}


ADMIN_PAGE = from_role("admin", 200, else_=403)
EVERYBODY = signed_in(200, anonymous=200)
ADMIN_API = from_role("admin", 200, else_=403, anonymous=401)

ROWS = [
    Row("account_login", signed_in(302, anonymous=200)),
    Row("account_logout", signed_in(200)),
    Row("account_inactive", EVERYBODY),
    Row("account_signup", signed_in(302, anonymous=200)),
    Row("account_reauthenticate", signed_in(200)),
    Row("account_change_password", signed_in(200)),
    Row("account_set_password", signed_in(302)),
    Row("account_reset_password", EVERYBODY),
    Row("account_reset_password_done", EVERYBODY),
    Row("account_reset_password_from_key", EVERYBODY, {"uidb36": "zz", "key": "wrong-key"}),
    Row("account_reset_password_from_key_done", EVERYBODY),
    Row("usersessions_list", signed_in(200)),
    Row("people:user-list", ADMIN_PAGE),
    Row("people:user-list", ADMIN_PAGE, data={"format": "csv"}),
    Row("people:user-new", ADMIN_PAGE),
    Row("people:user-page", ADMIN_PAGE, a_person),
    Row("people:user-deactivate", ADMIN_PAGE, a_person),
    Row("people:user-activate", from_role("admin", 302, else_=403), a_person, method="post"),
    Row("people:user-activate", signed_in(405), a_person),
    Row("people:user-invite", from_role("admin", 302, else_=403), a_person, method="post"),
    Row("people:team-list", ADMIN_PAGE),
    Row("people:team-new", ADMIN_PAGE),
    Row("people:team-page", ADMIN_PAGE, a_team),
    Row("people:member-add", from_role("admin", 302, else_=403), a_team, method="post"),
    Row("people:member-remove", from_role("admin", 302, else_=403), a_member, method="post"),
    Row("people:product-list", ADMIN_PAGE),
    Row("people:product-new", ADMIN_PAGE),
    Row("people:product-page", ADMIN_PAGE, a_product),
    Row("people:profile", signed_in(200)),
    Row("people:token-list", signed_in(200)),
    Row("people:token-revoke", signed_in(405), {"token_id": 1}),
    Row("people:token-revoke", signed_in(404), {"token_id": 1}, method="post"),
    Row("people:theme-choose", signed_in(302), method="post", data={"theme": "dark"}),
    Row("people:product-choose", signed_in(302), method="post", data={"product": ""}),
    Row("api:user-list", ADMIN_API),
    Row("api:user-detail", ADMIN_API, a_user),
    Row("api:user-activate", from_role("admin", 200, else_=403, anonymous=401), a_user, method="post"),
    Row("api:user-deactivate", from_role("admin", 405, else_=403, anonymous=401), a_user),
    Row("api:team-list", signed_in(200, anonymous=401)),
    Row("api:team-list", from_role("admin", 400, else_=400, anonymous=401), method="post"),
    Row("api:team-detail", signed_in(200, anonymous=401), a_team),
    Row("api:membership-list", signed_in(200, anonymous=401)),
    Row("api:membership-detail", signed_in(200, anonymous=401), a_membership),
    Row("api:product-list", signed_in(200, anonymous=401)),
    Row("api:product-detail", signed_in(200, anonymous=401), a_product),
    Row("api:token-list", signed_in(200, anonymous=401)),
    Row("api:token-detail", signed_in(404, anonymous=401), {"pk": 0}),
    Row("api:me-list", signed_in(200, anonymous=401)),
]
