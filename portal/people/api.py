"""The API's users, teams, memberships, products and tokens."""

import django_filters
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from portal.people import actions
from portal.people.access import MayEditPeople
from portal.people.accounts import invite
from portal.people.contracts import Role
from portal.people.models import ApiToken, Membership, Product, Team, User, Visibility
from portal.shell.api import ChangeByAction, CreateByAction, DeleteByAction, PortalRouter, ReadViewSet


class UserOutput(serializers.ModelSerializer):
    """A person."""

    class Meta:
        model = User
        fields = ["id", "email", "name", "role", "time_zone", "is_active", "created_at", "last_login"]


class UserInput(serializers.Serializer):
    """What an admin says of a person."""

    email = serializers.EmailField()
    name = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=Role.choices)
    time_zone = serializers.CharField(max_length=64, required=False)


class UserFilter(django_filters.FilterSet):
    """How people are filtered."""

    team = django_filters.CharFilter(field_name="teams__slug")

    class Meta:
        model = User
        fields = ["role", "is_active", "email", "team"]


class UserViewSet(CreateByAction, ChangeByAction, ReadViewSet):
    """People of the portal, for admins; created people get a mail with a link to set their password."""

    queryset = User.objects.all()
    permission_classes = [*ReadViewSet.permission_classes, MayEditPeople]
    output_serializer_class = UserOutput
    input_serializer_class = UserInput
    filterset_class = UserFilter
    ordering_fields = ["name", "email", "created_at", "last_login"]

    def do_create(self, values):
        """Create a person and invite them."""
        user = actions.create_user(actor=self.request.user, **values)
        invite(self.request, user)
        return user

    def do_change(self, thing, values):
        """Change a person."""
        return actions.change_user(thing, actor=self.request.user, **values)

    @action(detail=True, methods=["post"])
    def deactivate(self, request, pk=None) -> Response:
        """Take a person's access away at once."""
        return self.answer(actions.deactivate_user(self.get_object(), actor=request.user))

    @action(detail=True, methods=["post"])
    def activate(self, request, pk=None) -> Response:
        """Give a person their access back."""
        return self.answer(actions.activate_user(self.get_object(), actor=request.user))


class TeamOutput(serializers.ModelSerializer):
    """A team."""

    class Meta:
        model = Team
        fields = ["id", "name", "slug"]


class TeamInput(serializers.Serializer):
    """What an admin says of a team."""

    name = serializers.CharField(max_length=100)
    slug = serializers.SlugField(max_length=60)


class TeamViewSet(CreateByAction, ChangeByAction, ReadViewSet):
    """Teams; everybody may know them, admins change them."""

    queryset = Team.objects.all()
    output_serializer_class = TeamOutput
    input_serializer_class = TeamInput
    filterset_fields = ["name"]
    ordering_fields = ["name"]
    lookup_field = "slug"

    def do_create(self, values):
        """Create a team."""
        return actions.create_team(actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change a team."""
        return actions.change_team(thing, actor=self.request.user, **values)


class MembershipOutput(serializers.ModelSerializer):
    """A person's place in a team."""

    team = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "user", "team", "created_at"]


class MembershipInput(serializers.Serializer):
    """Who joins which team."""

    user = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True))
    team = serializers.SlugRelatedField("slug", queryset=Team.objects.all())


class MembershipViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """Who is in which team; admins change it."""

    queryset = Membership.objects.select_related("team", "user")
    output_serializer_class = MembershipOutput
    input_serializer_class = MembershipInput
    filterset_fields = ["user", "team__slug"]

    def do_create(self, values):
        """Put a person into a team."""
        return actions.add_member(values["team"], values["user"], actor=self.request.user)

    def do_delete(self, thing):
        """Take a person out of a team."""
        actions.remove_member(thing.team, thing.user, actor=self.request.user)


class ProductOutput(serializers.ModelSerializer):
    """A product."""

    team = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Product
        fields = ["id", "name", "slug", "team", "owner", "visibility", "created_at", "updated_at"]


class ProductInput(serializers.Serializer):
    """What an admin says of a product."""

    name = serializers.CharField(max_length=100)
    slug = serializers.SlugField(max_length=60)
    team = serializers.SlugRelatedField("slug", queryset=Team.objects.all())
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)


class ProductViewSet(CreateByAction, ChangeByAction, ReadViewSet):
    """Products that the person may see; admins change them."""

    queryset = Product.objects.select_related("team")
    output_serializer_class = ProductOutput
    input_serializer_class = ProductInput
    filterset_fields = ["name", "team__slug", "visibility"]
    ordering_fields = ["name", "created_at", "updated_at"]
    lookup_field = "slug"

    def do_create(self, values):
        """Create a product."""
        return actions.create_product(actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change a product."""
        return actions.change_product(thing, actor=self.request.user, **values)


class TokenOutput(serializers.ModelSerializer):
    """A token, without its secret."""

    class Meta:
        model = ApiToken
        fields = ["id", "name", "prefix", "scope", "created_at", "expires_at", "last_used_at", "revoked_at"]


class NewTokenOutput(TokenOutput):
    """A token just made: `token` is its whole text, told this once."""

    token = serializers.CharField()

    class Meta(TokenOutput.Meta):
        fields = [*TokenOutput.Meta.fields, "token"]


class TokenInput(serializers.Serializer):
    """A token to make."""

    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField(choices=ApiToken.Scope.choices)
    expires_at = serializers.DateTimeField()


class TokenViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """One's own API tokens; DELETE revokes."""

    queryset = ApiToken.objects.all()
    output_serializer_class = TokenOutput
    input_serializer_class = TokenInput
    ordering_fields = ["created_at", "expires_at"]

    def get_serializer_class(self):
        """Return the answer's shape; only a new token tells its text."""
        return NewTokenOutput if self.action == "create" else TokenOutput

    def do_create(self, values):
        """Make a token."""
        token, token.token = actions.create_token(self.request.user, actor=self.request.user, **values)
        return token

    def do_delete(self, thing):
        """Revoke a token."""
        actions.revoke_token(thing, actor=self.request.user)


class MeViewSet(mixins.ListModelMixin, GenericViewSet):
    """Who the token or session belongs to."""

    serializer_class = UserOutput
    pagination_class = None
    filter_backends = []

    def list(self, request, *args, **kwargs) -> Response:
        """Return the person themselves."""
        return Response(UserOutput(request.user).data)


router = PortalRouter()
router.register("users", UserViewSet, basename="user")
router.register("teams", TeamViewSet, basename="team")
router.register("memberships", MembershipViewSet, basename="membership")
router.register("products", ProductViewSet, basename="product")
router.register("tokens", TokenViewSet, basename="token")
router.register("me", MeViewSet, basename="me")
urlpatterns = router.urls
