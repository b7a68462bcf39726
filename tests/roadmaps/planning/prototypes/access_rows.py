"""Who may open the addresses of prototypes and their tests."""

import datetime as dt

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from portal.people.public import SYSTEM
from roadmaps.planning.prototypes.actions import create_prototype
from roadmaps.planning.prototypes.models import Prototype
from roadmaps.planning.prototypes.testing import add_test
from tests.house.access_table import Row, from_role, insiders, signed_in

DAY = dt.date(2024, 1, 5)


def make_prototype(product, **values):
    given = {"title": "Ask for a name", "hypothesis": "People invite then.", "fidelity": "clickable", "actor": SYSTEM}
    return create_prototype(product, **{**given, "tasks": ["Invite somebody"], **values})


def prototype(world):
    return {"pk": make_prototype(world.product).pk}


def hidden(world):
    return {"pk": make_prototype(world.product, visibility="team").pk}


def with_file(world):
    made = make_prototype(world.product)
    path = default_storage.save("prototypes/row", ContentFile(b"text"))
    Prototype.objects.filter(pk=made.pk).update(file_name="a.txt", file_path=path)
    return {"pk": made.pk}


def tried(world):
    made = make_prototype(world.product)
    return {"pk": add_test(made, actor=SYSTEM, held_on=DAY, outcomes={made.tasks.get().pk: "done"}).pk}


WRITERS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
INSIDE = {**WRITERS, "outsider": 404}
API = signed_in(200, anonymous=401)
API_POST_ONLY = signed_in(405, anonymous=401)
DECISION = {"decision": "drop", "why": "Nobody did.", "version": 1}

ROWS = [
    Row("prototypes:prototype-list", signed_in(200)),
    Row("prototypes:prototype-new", {**WRITERS, "outsider": 403}),
    Row("prototypes:tried-before", signed_in(200)),
    Row("prototypes:prototype-page", {**signed_in(200), "outsider": 404}, hidden),
    Row("prototypes:prototype-page", signed_in(200), prototype),
    Row("prototypes:prototype-edit", WRITERS, prototype),
    Row("prototypes:prototype-decide", WRITERS, prototype),
    Row("prototypes:prototype-file", signed_in(404), prototype),
    Row("prototypes:prototype-file", signed_in(200), with_file),
    Row("prototypes:file-drop", signed_in(405), with_file),
    Row("prototypes:file-drop", {**from_role("product_manager", 302, else_=403), "outsider": 403}, with_file, "post"),
    Row("prototypes:prototype-delete", WRITERS, prototype),
    Row("prototypes:test-new", WRITERS, prototype),
    Row("prototypes:test-edit", INSIDE, tried),
    Row("prototypes:test-delete", INSIDE, tried),
    Row("api:prototype-list", API),
    Row("api:prototype-detail", {**API, "outsider": 404}, hidden),
    Row("api:prototype-uses", API, prototype),
    Row("api:prototype-results", API, prototype),
    Row("api:prototype-decide", API_POST_ONLY, prototype),
    Row(
        "api:prototype-decide",
        {**from_role("product_manager", 200, else_=403, anonymous=401), "outsider": 403},
        prototype,
        "post",
        DECISION,
    ),
    Row("api:prototype-test-list", API),
    Row("api:prototype-test-detail", insiders(200, anonymous=401), tried),
]
