"""Reading the catalogue: names and properties for pickers, by source; access is checked by the caller's sources."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Max, Q, Sum

from insights.catalogue.contracts import EventNameInfo, PropertyInfo
from insights.catalogue.models import CatalogueEvent, CatalogueProperty, PropertyUse, Status
from insights.events.public import Source


def sources_of_products(products: Iterable[int]) -> list[int]:
    """Return the ids of the sources of some products, by the products' ids."""
    return list(Source.objects.filter(product__in=products).order_by("pk").values_list("pk", flat=True))


def list_event_names(source_ids: Sequence[int], text: str = "", limit: int = 200) -> list[EventNameInfo]:
    """Return the event names seen in these sources, the most frequent first; `text` keeps names that contain it.

    Retired names come last.
    """
    events = CatalogueEvent.objects.filter(days__source__in=source_ids)
    if text:
        events = events.filter(name__icontains=text)
    rows = events.values("name", "status", "description").annotate(n=Sum("days__n_events"), last=Max("days__last_ts"))
    merged: dict[str, EventNameInfo] = {}
    for row in rows.order_by("-n", "name"):
        known = merged.get(row["name"])  # the same name in two products
        n_events, last = row["n"], row["last"]
        if known:
            n_events, last = n_events + known.n_events, max(last, known.last_seen_at)
        description = row["description"] or (known.description if known else "")
        merged[row["name"]] = EventNameInfo(row["name"], n_events, last, row["status"], description)
    ordered = sorted(merged.values(), key=lambda info: (info.status == Status.RETIRED, -info.n_events, info.name))
    return ordered[:limit]


def list_properties(
    source_ids: Sequence[int], of: str = "", event: str = "", text: str = "", limit: int = 300
) -> list[PropertyInfo]:
    """Return the properties seen in these sources, the most frequent first.

    `of` keeps those of events, persons or accounts; `event` keeps properties of one event (traits stay); `text` keeps
    names that contain it. Examples are never given for personal properties.
    """
    uses = PropertyUse.objects.filter(source__in=source_ids).exclude(property__status=Status.RETIRED)
    if of:
        uses = uses.filter(property__of=of)
    if event:
        uses = uses.filter(Q(event__name=event) | Q(event=None))
    if text:
        uses = uses.filter(property__name__icontains=text)
    found: dict[tuple[str, str], _Gathered] = {}
    fields = ["property__of", "property__name", "property__is_personal", "property__description"]
    for kind, name, is_personal, description, n_values, types, examples in uses.values_list(
        *fields, "n_values", "types", "examples"
    ).order_by("pk"):
        gathered = found.setdefault((kind, name), _Gathered())
        gathered.add(n_values, types, examples, is_personal, description)
    infos = [gathered.info(kind, name) for (kind, name), gathered in found.items()]
    return sorted(infos, key=lambda info: (-info.n_values, info.of, info.name))[:limit]


def list_property_values(source_ids: Sequence[int], of: str, name: str, text: str = "", limit: int = 20) -> list[str]:
    """Return values of a property as examples for a filter; none of a personal one."""
    infos = [
        info for info in list_properties(source_ids, of=of, text=name) if info.name == name and not info.is_personal
    ]
    values = [value for info in infos for value in info.examples if text.lower() in value.lower()]
    return values[:limit]


class _Gathered:
    """The uses of one property over months, events and products."""

    def __init__(self) -> None:
        self.n_values = 0
        self.types: Counter[str] = Counter()
        self.examples: dict[str, None] = {}
        self.is_personal = False
        self.description = ""

    def add(self, n_values: int, types: dict, examples: list, is_personal: bool, description: str) -> None:
        """Add one use."""
        self.n_values += n_values
        self.types.update(types)
        self.examples.update(dict.fromkeys(examples))
        self.is_personal = self.is_personal or is_personal
        self.description = self.description or description

    def info(self, of: str, name: str) -> PropertyInfo:
        """Return what a picker shows."""
        types = tuple(kind for kind, _ in self.types.most_common() if kind != "empty")
        examples = () if self.is_personal else tuple(self.examples)[:20]
        return PropertyInfo(name, of, self.n_values, types, self.is_personal, self.description, examples)


@dataclass(frozen=True)
class PropertyRow:
    """A property of a page: the entry, its types, its examples unless it is personal."""

    property: CatalogueProperty
    types: tuple[str, ...]
    examples: tuple[str, ...]
    n_values: int


def describe_uses(properties: Sequence[CatalogueProperty]) -> list[PropertyRow]:
    """Return the rows of a page of properties; one query, however many there are."""
    return _rows(properties, PropertyUse.objects.filter(property__in=properties))


def uses_of_event(event: CatalogueEvent) -> list[PropertyRow]:
    """Return the properties that came with an event, the most frequent first."""
    uses = list(PropertyUse.objects.filter(event=event).select_related("property"))
    properties = {use.property_id: use.property for use in uses}
    return sorted(_rows(list(properties.values()), uses), key=lambda row: (-row.n_values, row.property.name))


def _rows(properties: Sequence[CatalogueProperty], uses: Iterable[PropertyUse]) -> list[PropertyRow]:
    found = {prop.pk: _Gathered() for prop in properties}
    for use in uses:
        found[use.property_id].add(use.n_values, use.types, use.examples, False, "")
    rows = []
    for prop in properties:
        info = found[prop.pk].info(prop.of, prop.name)
        rows.append(PropertyRow(prop, info.types, () if prop.is_personal else info.examples[:8], info.n_values))
    return rows
