"""Who may open which address of the library."""

from playbooks.library import actions
from portal.people.public import SYSTEM
from tests.house.access_table import Row, from_role, signed_in


def written(world, title="Interview round", **values):
    said = {"purpose": "Hear five customers.", "body": "## How\n\nAsk.", **values}
    return actions.create_playbook(world.team, actor=SYSTEM, title=title, **said)


def published(world, **values):
    return actions.publish(written(world, **values), actor=SYSTEM)


def two_versions(world):
    made = published(world, roles={"responsible": ["Product manager"]}, tags=["interviews"])
    actions.update_playbook(made, actor=SYSTEM, body="## How\n\nAsk and listen. See [it](/voice/feedback/).")
    actions.publish(made, actor=SYSTEM)
    actions.update_playbook(made, actor=world.product_manager, body="More")
    return {"slug": made.slug}


def plain(world):
    return {"slug": published(world).slug}


def hidden(world):
    return {"slug": published(world, visibility="team").slug}


def draft(world):
    return {"slug": written(world).slug}


def open_draft(world):
    return {"slug": two_versions(world)["slug"]}


def in_review(world):
    made = written(world)
    actions.send_to_review(made, actor=world.product_manager)
    return {"slug": made.slug}


def retired(world):
    made = published(world)
    actions.retire(made, actor=SYSTEM, successor=published(world, title="Better round"))
    return {"slug": made.slug}


def versioned(world):
    return {**plain(world), "number": 1}


WRITES = {**from_role("product_manager", 200, else_=403), "outsider": 403}
POSTED = {**from_role("product_manager", 302, else_=403), "outsider": 403}
UNSEEN = {**POSTED, "outsider": 404}
DECIDES = from_role("ops", 200, else_=403)
DECIDED = from_role("ops", 302, else_=403)
HIDDEN = {**signed_in(200), "outsider": 404}
SEEN = signed_in(200, anonymous=401)
API_POSTED = {**from_role("product_manager", 200, else_=403, anonymous=401), "outsider": 403}
API_DECIDED = from_role("ops", 200, else_=403, anonymous=401)
REVISION = {"revision": 1}

ROWS = [
    Row("library:playbook-list", signed_in(200), lambda world: two_versions(world) and {}),
    Row("library:playbook-new", {**from_role("product_manager", 200, else_=403), "outsider": 200}),
    Row("library:preview", {**from_role("product_manager", 200, else_=403), "outsider": 200}, method="post"),
    Row("library:playbook-import", DECIDES),
    Row("library:playbook-export", signed_in(200), lambda world: two_versions(world) and {}),
    Row("library:playbook-markdown", HIDDEN, hidden),
    Row("library:rules", from_role("admin", 200, else_=403)),
    Row("library:playbook-page", signed_in(200), two_versions),
    Row("library:playbook-page", HIDDEN, hidden),
    Row("library:playbook-page", signed_in(200), retired),
    Row(
        "library:playbook-page",
        {**from_role("product_manager", 302, else_=200), "anonymous": 302, "outsider": 404},
        draft,
    ),
    Row("library:playbook-edit", WRITES, open_draft),
    Row("library:draft-page", WRITES, open_draft),
    Row("library:draft-drop", WRITES, open_draft),
    Row("library:review-send", UNSEEN, draft, method="post"),
    Row("library:review-take-back", UNSEEN, in_review, method="post"),
    Row("library:review-decline", {**DECIDED, "outsider": 404}, in_review, method="post"),
    Row("library:publish", {**DECIDED, "outsider": 404}, draft, method="post"),
    Row("library:confirm", DECIDED, plain, method="post"),
    Row("library:retire", DECIDES, plain),
    Row("library:bring-back", DECIDED, retired, method="post"),
    Row("library:version-list", signed_in(200), two_versions),
    Row("library:version-page", signed_in(200), versioned),
    Row("library:restore", POSTED, versioned, method="post"),
    Row("library:compare", signed_in(200), two_versions, data={"from": 1, "to": 2}),
    Row("library:playbook-history", signed_in(200), two_versions),
    Row("api:playbook-list", SEEN, lambda world: two_versions(world) and {}),
    Row("api:playbook-detail", SEEN, two_versions),
    Row("api:playbook-detail", {**HIDDEN, "anonymous": 401}, hidden),
    Row("api:playbook-draft", API_POSTED, open_draft),
    Row(
        "api:playbook-drop-draft", {**API_POSTED, "product_manager": 204, "ops": 204, "admin": 204}, open_draft, "post"
    ),
    Row("api:playbook-versions", SEEN, two_versions),
    Row("api:playbook-compare", SEEN, two_versions, data={"from": 1, "to": 2}),
    Row("api:playbook-markdown", {**HIDDEN, "anonymous": 401}, hidden),
    Row("api:playbook-export", SEEN, lambda world: two_versions(world) and {}),
    Row("api:playbook-take-in", from_role("ops", 400, else_=403, anonymous=401), method="post"),
    Row("api:playbook-send-to-review", {**API_POSTED, "outsider": 404}, draft, "post", REVISION),
    Row("api:playbook-take-back", {**API_POSTED, "outsider": 404}, in_review, "post"),
    Row("api:playbook-decline", {**API_DECIDED, "outsider": 404}, in_review, "post", {"why": "No", "revision": 2}),
    Row("api:playbook-publish", {**API_DECIDED, "outsider": 404}, draft, "post", REVISION),
    Row("api:playbook-confirm", API_DECIDED, plain, "post"),
    Row("api:playbook-retire", API_DECIDED, plain, "post"),
    Row("api:playbook-bring-back", API_DECIDED, retired, "post"),
    Row("api:playbook-restore", API_POSTED, plain, "post", {"number": 1}),
    Row("api:library-rules-list", SEEN),
    Row(
        "api:library-rules-set-rules",
        from_role("admin", 200, else_=403, anonymous=401),
        method="post",
        data={"has_four_eyes": True},
    ),
]
