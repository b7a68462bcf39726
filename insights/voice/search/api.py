"""Search and saved searches in the API: the same words, the same filters and the same access as on the pages."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from insights.voice.search.access import get_saved_search
from insights.voice.search.actions import change_search, delete_search, save_search
from insights.voice.search.contracts import PER_PAGE
from insights.voice.search.finding import find
from insights.voice.search.forms import WishForm, read_asked
from insights.voice.search.models import SavedSearch
from portal.people.public import Team
from portal.shell.api import ActionViewSet, PortalRouter
from portal.shell.public import BadInput

_NAMES = [
    ("q", "Words, “words in a row”, -words that must not stand there."),
    ("like", "A text to which others are alike, as feedback-12; in place of words."),
    ("kind", "feedback, conversation, highlight and what other rooms add."),
    ("sort", "new: the newest first; else the best."),
    ("product", "Its slug."),
    ("since", "A date."),
    ("until", "A date."),
    ("language", "Two letters, as en."),
    ("account", "Its id; of your teams."),
    ("person", "Their number; of your teams."),
    ("plan", "Of the account; of your teams."),
    ("segment", "Of the account; of your teams."),
    ("channel", "Its slug; feedback alone."),
    ("theme", "Its number."),
    ("score", "Of the survey's answer that the words came with, as nps-negative; of your teams."),
    ("page", f"Of {PER_PAGE} hits, from 1."),
]


class HitOutput(serializers.Serializer):
    """A text that was found; `snippet` is HTML with the words marked, `name` what `like` takes."""

    kind = serializers.CharField()
    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    title = serializers.CharField(source="found.title")
    snippet = serializers.CharField()
    day = serializers.DateField(source="found.day")
    who = serializers.CharField(source="found.who")
    account = serializers.CharField(source="found.account")
    detail = serializers.CharField(source="found.detail")
    language = serializers.CharField(source="found.language")
    url = serializers.CharField(source="found.url")


class KindOutput(serializers.Serializer):
    """How many of a kind fit; `is_more` where only the newest were looked at."""

    kind = serializers.CharField(source="name")
    n = serializers.IntegerField()
    is_more = serializers.BooleanField()


class CorrectionOutput(serializers.Serializer):
    """A word that no text holds, and what was found in its place."""

    typed = serializers.CharField()
    meant = serializers.CharField()


class SearchOutput(serializers.Serializer):
    """A page of what was found."""

    results = HitOutput(source="hits", many=True)
    counts = KindOutput(many=True)
    corrections = CorrectionOutput(many=True)
    page = serializers.IntegerField()
    n_pages = serializers.IntegerField()


class VoiceSearchViewSet(viewsets.GenericViewSet):
    """Everything that customers said, by its words: as far as the reader may read it."""

    serializer_class = SearchOutput
    queryset = SavedSearch.objects.none()
    pagination_class = None
    filter_backends: list = []

    @extend_schema(
        parameters=[OpenApiParameter(name, OpenApiTypes.STR, description=said) for name, said in _NAMES],
        responses=SearchOutput,
    )
    def list(self, request) -> Response:
        """Return a page of what fits."""
        form = WishForm(request.query_params, user=request.user)
        unknown = request.query_params.keys() - form.fields.keys() - {"page", "format"}
        if unknown:
            raise BadInput(fields={name: ["Search knows no such filter."] for name in sorted(unknown)})
        if not form.is_valid():
            raise BadInput(fields={name: list(faults) for name, faults in form.errors.items()})
        wish, page = form.to_wish(), request.query_params.get("page", "1")
        if wish.is_empty:
            raise BadInput(fields={"q": ["Name words, a text that others are alike to, or a filter."]})
        if not (page.isdecimal() and len(page) < 9):
            raise BadInput(fields={"page": ["Give a whole number from 1."]})
        return Response(SearchOutput(find(wish, request.user, today=timezone.localdate(), page=int(page))).data)


class SavedSearchOutput(serializers.ModelSerializer):
    """What the API says of a saved search."""

    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = SavedSearch
        fields = ["id", "name", "asked", "owner", "team", "version", "url", "created_at", "updated_at"]
        read_only_fields = fields


class SavedSearchChange(serializers.Serializer):
    """A change names the version that it was made from."""

    name = serializers.CharField(max_length=120)
    asked = serializers.DictField(
        child=serializers.CharField(max_length=1_000), help_text="As in an address of search."
    )
    team = serializers.SlugRelatedField(
        slug_field="slug", queryset=Team.objects.all(), required=False, allow_null=True, help_text="Null: you alone."
    )
    version = serializers.IntegerField(min_value=1)


class SavedSearchInput(SavedSearchChange):
    """What the API takes to keep a search."""

    version = None


class SavedSearchViewSet(ActionViewSet):
    """Searches that people keep: one's own, and those that are shared with one's teams."""

    queryset = SavedSearch.objects.select_related("owner", "team")
    output_serializer_class = SavedSearchOutput
    input_serializer_class = SavedSearchInput
    change_serializer_class = SavedSearchChange
    filterset_fields = ["owner"]
    ordering_fields = ["name", "created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_saved_search

    def _read(self, values):
        if "asked" in values:
            known = read_asked(values["asked"], self.request.user)
            if unknown := values["asked"].keys() - known.keys():
                raise BadInput(fields={f"asked.{name}": ["Search cannot ask this."] for name in sorted(unknown)})
        return values

    def do_create(self, values):
        """Keep a search."""
        return save_search(actor=self.request.user, **self._read(values))

    def do_change(self, thing, values):
        """Change a saved search."""
        return change_search(thing, actor=self.request.user, **self._read(values))

    def do_delete(self, thing):
        """Delete a saved search."""
        delete_search(thing, actor=self.request.user)


router = PortalRouter()
router.register("voice-search", VoiceSearchViewSet, basename="voice-search")
router.register("saved-searches", SavedSearchViewSet, basename="saved-search")
urlpatterns = router.urls
