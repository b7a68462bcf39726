"""Themes and links to them in the API: the same actions and the same door as the pages."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.voice.conversations.public import PARTS, Conversation
from insights.voice.feedback.public import Feedback
from insights.voice.highlights.public import Highlight, one_piece
from insights.voice.texts.public import LONGEST_QUOTE
from insights.voice.themes.access import get_link, get_theme
from insights.voice.themes.actions import (
    create_theme,
    delete_theme,
    merge_theme,
    split_theme,
    unmerge_theme,
    update_theme,
)
from insights.voice.themes.contracts import Size
from insights.voice.themes.filters import ThemeFilter, ThemeLinkFilter
from insights.voice.themes.linking import link_theme, unlink_theme, weigh_link
from insights.voice.themes.models import Importance, Theme, ThemeLink
from insights.voice.themes.queries import read_tree
from insights.voice.themes.sizes import measure
from portal.people.public import Product, Visibility
from portal.shell.api import ActionViewSet, PortalRouter
from portal.shell.public import BadInput


class SizeOutput(serializers.Serializer):
    """Who stands behind a theme, with all that counts for it; an account counts once."""

    n_pieces = serializers.IntegerField()
    n_people = serializers.IntegerField()
    n_accounts = serializers.IntegerField()
    n_critical = serializers.IntegerField(help_text="Accounts to which it is critical.")
    n_important = serializers.IntegerField()
    n_nice = serializers.IntegerField()
    n_recent_accounts = serializers.IntegerField(help_text="Accounts that said it in the last 90 days.")
    last_said_on = serializers.DateField(allow_null=True)


class ThemeOutput(serializers.ModelSerializer):
    """What the API says of a theme."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Theme
        fields = [
            *(
                "id",
                "name",
                "description",
                "product",
                "parent",
                "merged_into",
                "team",
                "owner",
                "visibility",
                "version",
            ),
            *("url", "created_at", "updated_at"),
        ]
        read_only_fields = fields


class ThemeChange(serializers.Serializer):
    """A change names the version that it was made from."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, allow_blank=True, max_length=4_000)
    parent = serializers.PrimaryKeyRelatedField(queryset=Theme.objects.none(), required=False, allow_null=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    version = serializers.IntegerField(min_value=1)

    def get_fields(self):
        """Let themes be named that the user may see."""
        fields = super().get_fields()
        fields["parent"].queryset = Theme.objects.visible_to(self.context["request"].user).select_related("product")
        return fields


class ThemeInput(ThemeChange):
    """What the API takes to add a theme."""

    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())
    version = None

    def get_fields(self):
        """Let a product be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = Product.objects.visible_to(self.context["request"].user).select_related("team")
        return fields


class ThemeMergeInput(serializers.Serializer):
    """The number of the theme that it shall count as."""

    into = serializers.IntegerField(min_value=1)


class SplitInput(serializers.Serializer):
    """The new theme's name, and the numbers of the links that go into it."""

    name = serializers.CharField(max_length=120)
    links = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=1_000)


class ThemeViewSet(ActionViewSet):
    """What feedback is about: a tree for each product."""

    queryset = Theme.objects.select_related("product", "team", "owner")
    output_serializer_class = ThemeOutput
    input_serializer_class = ThemeInput
    change_serializer_class = ThemeChange
    filterset_class = ThemeFilter
    ordering_fields = ["name", "created_at", "updated_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_theme

    def do_create(self, values):
        """Add a theme to a product's tree."""
        return create_theme(values.pop("product"), actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change a theme."""
        if "version" not in values:
            raise BadInput(fields={"version": ["Name the version that you changed."]})
        version = values.pop("version")
        update_theme(thing, actor=self.request.user, version=version, **values)
        return self.get_thing()

    def do_delete(self, thing):
        """Delete a theme on which nothing hangs."""
        delete_theme(thing, actor=self.request.user)

    @extend_schema(operation_id="themes_size", responses=SizeOutput)
    @action(detail=True, methods=["get"])
    def size(self, request, pk: str) -> Response:
        """Return who stands behind it: pieces, people, accounts, by how much it matters to them."""
        theme = self.get_thing()
        _, nodes = read_tree(theme.product)
        own = [node for node in nodes if node.id == theme.pk]
        return Response(SizeOutput(measure(own, timezone.localdate()).get(theme.pk, Size())).data)

    @extend_schema(operation_id="themes_merge", request=ThemeMergeInput, responses=ThemeOutput)
    @action(detail=True, methods=["post"])
    def merge(self, request, pk: str) -> Response:
        """Let it count as another theme; `unmerge` takes it back."""
        theme = self.get_thing(write=True)
        into = get_theme(request.user, self.get_input(ThemeMergeInput)["into"], write=True)
        merge_theme(theme, into, actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="themes_unmerge", request=None, responses=ThemeOutput)
    @action(detail=True, methods=["post"])
    def unmerge(self, request, pk: str) -> Response:
        """Let it count for itself again."""
        unmerge_theme(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="themes_split", request=SplitInput, responses={201: ThemeOutput})
    @action(detail=True, methods=["post"])
    def split(self, request, pk: str) -> Response:
        """Take some of its links into a new theme; merging that one back takes it back."""
        theme, asked = self.get_thing(write=True), self.get_input(SplitInput)
        links = ThemeLink.objects.visible_to(request.user).filter(pk__in=asked["links"], theme=theme)
        new = split_theme(theme, name=asked["name"], links=links, actor=request.user)
        return self.answer(new, status.HTTP_201_CREATED)


class ThemeLinkOutput(serializers.ModelSerializer):
    """What the API says of a link; `conversation` is where the highlight stands, if not in feedback."""

    conversation = serializers.IntegerField(source="highlight.conversation_id", default=None, read_only=True)

    class Meta:
        model = ThemeLink
        fields = ["id", "theme", "feedback", "conversation", "highlight", "importance", "created_by", "created_at"]
        read_only_fields = fields


class ThemeLinkChange(serializers.Serializer):
    """How much it matters."""

    importance = serializers.ChoiceField(choices=Importance.choices)


class ThemeLinkInput(serializers.Serializer):
    """A theme and a piece of feedback or a conversation; with `highlight` or `quote`, words of it."""

    theme = serializers.PrimaryKeyRelatedField(queryset=Theme.objects.none())
    feedback = serializers.PrimaryKeyRelatedField(queryset=Feedback.objects.none(), required=False, allow_null=True)
    conversation = serializers.PrimaryKeyRelatedField(
        queryset=Conversation.objects.none(), required=False, allow_null=True
    )
    part = serializers.ChoiceField(
        choices=list(PARTS.items()), required=False, allow_blank=True, help_text="Of a conversation; empty: found."
    )
    highlight = serializers.PrimaryKeyRelatedField(queryset=Highlight.objects.none(), required=False, allow_null=True)
    quote = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_QUOTE, trim_whitespace=False)
    start = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=2**31 - 1)
    importance = serializers.ChoiceField(choices=Importance.choices, default=Importance.IMPORTANT)

    def get_fields(self):
        """Let things be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["theme"].queryset = Theme.objects.visible_to(user).select_related("product", "team")
        fields["feedback"].queryset = Feedback.objects.visible_to(user)
        fields["conversation"].queryset = Conversation.objects.visible_to(user)
        fields["highlight"].queryset = Highlight.objects.visible_to(user).select_related("feedback", "conversation")
        return fields

    def validate(self, attrs):
        """Take what was said in one place."""
        return one_piece(attrs)


class ThemeLinkViewSet(ActionViewSet):
    """What is linked to themes, with how much it matters to who said it."""

    queryset = ThemeLink.objects.select_related("theme", "highlight")
    output_serializer_class = ThemeLinkOutput
    input_serializer_class = ThemeLinkInput
    change_serializer_class = ThemeLinkChange
    filterset_class = ThemeLinkFilter
    ordering_fields = ["created_at", "importance"]
    lookup_value_regex = r"\d{1,18}"
    door = get_link

    def create(self, request, *args, **kwargs) -> Response:
        """Link: 201 where it is new, 200 where it was linked before."""
        values = self.get_input()
        link, is_new = link_theme(values.pop("theme"), values.pop("piece"), actor=request.user, **values)
        return self.answer(link, status.HTTP_201_CREATED if is_new else status.HTTP_200_OK)

    def do_change(self, thing, values):
        """Say how much it matters."""
        return weigh_link(thing, actor=self.request.user, **values) if values else thing

    def do_delete(self, thing):
        """Take a link back."""
        unlink_theme(thing, actor=self.request.user)


router = PortalRouter()
router.register("themes", ThemeViewSet, basename="theme")
router.register("theme-links", ThemeLinkViewSet, basename="theme-link")
urlpatterns = router.urls
