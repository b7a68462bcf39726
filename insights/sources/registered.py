"""What the sources room hangs into the shell: navigation, search, a line for ops, its night step and schedules."""

from django.urls import reverse

from insights.events.public import Batch, Source
from insights.sources.keeping import export_person, remove_files_naming
from insights.sources.night import read_sources, remove_uploads
from insights.sources.panels import build_attention
from portal.people.public import Role
from portal.shell.public import (
    FirstStep,
    HomePanel,
    NavItem,
    NightStep,
    PersonEraser,
    PersonExporter,
    Schedule,
    SearchHit,
    SearchRows,
    registry,
)


def _find_sources(user, text):
    return Source.objects.visible_to(user).filter(name__icontains=text).order_by("name", "pk")


def _show_source(values):
    address = reverse("sources:source-page", args=[values["slug"]])
    return SearchHit("Source", values["name"], address, values["product__name"])


registry.add(
    FirstStep(
        "load",
        "Load your usage data",
        "One CSV file with who, when and what is enough for the first dashboard.",
        "sources:source-list",
        is_done=lambda user: Batch.objects.filter(state=Batch.State.DONE).exists(),
        can_see=lambda user: Role(user.role).rank >= Role.PRODUCT_MANAGER.rank,
        order=20,
    )
)
registry.add(
    NavItem(
        "Insights",
        "Data",
        "sources:source-list",
        order=40,
        keys="g s",
        icon="data",
        also=("/data/", "/insights/sources/"),
    )
)
registry.add(SearchRows("Sources", _find_sources, ("name", "slug", "product__name"), _show_source, order=60))
registry.add(HomePanel("sources.attention", "insights/sources/attention_panel.html", build_attention, order=20))
registry.add(PersonEraser("sources", remove_files_naming, order=60))
registry.add(PersonExporter("sources", export_person))
registry.add(NightStep("sources.read", "Read sources", read_sources, order=10))
registry.add(NightStep("sources.remove_files", "Remove old uploads", remove_uploads, order=90))
registry.add(
    Schedule(
        "Start dead loads again",
        task="sources.sweep_loads",
        every_s=20,
        description="Runs a load again whose worker has been silent for 60 s.",
    )
)
registry.add(
    Schedule(
        "Read sources that are due",
        task="sources.read_due_sources",
        every_s=300,
        description="Reads watched folders and queries that are due every 15 minutes or every hour.",
    )
)
