"""Persons, accounts and joins in the API: the same reads, actions and door as the pages."""

from dataclasses import asdict
from typing import Any

from django.db.models import Q
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.utils.urls import replace_query_param

from insights.events.public import PersonJoin
from insights.persons import actions
from insights.persons.access import (
    get_account,
    get_insider_product,
    get_job,
    get_join,
    get_person_ids,
    list_jobs,
    visible_joins,
)
from insights.persons.accounts import NEVER_COUNTED, list_accounts, read_account
from insights.persons.accounts import SORTS as ACCOUNT_SORTS
from insights.persons.describing import describe_person, keep_seen
from insights.persons.exporting import export_person
from insights.persons.filters import PersonJobFilter
from insights.persons.finding import PAGE_SIZE, list_persons
from insights.persons.finding import SORTS as PERSON_SORTS
from insights.persons.forms import MAX_TEXT
from insights.persons.job_fields import EraseInput, LookInput, MergeInput, PersonJobOutput
from insights.persons.joins import MOST_SHOWN, joins_of
from insights.persons.models import PersonJob
from insights.persons.story import read_story, subject_of_account, subject_of_person
from insights.persons.timeline import read_person
from portal.people.public import require
from portal.shell.public import Unavailable

NUMBER = "[0-9]{1,9}"


class ListInput(serializers.Serializer):
    """Whose people: a product, the beginning of an id, a name or an e-mail address, and the page."""

    sorts: dict[str, str] = {}
    product = serializers.SlugField()
    q = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TEXT, default="")
    sort = serializers.CharField(required=False, default="")
    page = serializers.IntegerField(min_value=1, max_value=999_999, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=PAGE_SIZE)

    def validate_sort(self, value: str) -> str:
        """Refuse a sort that the list does not have."""
        if value and value.lstrip("-") not in self.sorts:
            raise serializers.ValidationError(f"Cannot sort by {value}. Use: {', '.join(sorted(self.sorts))}.")
        return value


class PersonListInput(ListInput):
    """A page of persons."""

    sorts = PERSON_SORTS


class AccountListInput(ListInput):
    """A page of accounts."""

    sorts = ACCOUNT_SORTS


class TraitOutput(serializers.Serializer):
    """The current value of a trait."""

    key = serializers.CharField()
    value = serializers.JSONField()
    at = serializers.DateTimeField()


class AccountRefOutput(serializers.Serializer):
    """An account's number and id."""

    no = serializers.IntegerField()
    account_id = serializers.CharField()


class PersonOutput(serializers.Serializer):
    """A person of a list."""

    no = serializers.IntegerField()
    label = serializers.CharField()
    distinct_ids = serializers.ListField(child=serializers.CharField())
    email = serializers.CharField()
    account = AccountRefOutput(allow_null=True)
    first_seen_at = serializers.DateTimeField(allow_null=True)
    last_seen_at = serializers.DateTimeField(allow_null=True)
    n_events = serializers.IntegerField()


class JoinOutput(serializers.ModelSerializer):
    """Two ids said to be one person."""

    id_space = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    from_id = serializers.CharField(source="from_id.distinct_id")
    to_id = serializers.CharField(source="to_id.distinct_id")
    source = serializers.CharField(source="batch.source.slug", default=None)

    class Meta:
        model = PersonJoin
        fields = ["id", "id_space", "kind", "state", "reason", "from_id", "to_id", "ts", "source", "batch"]
        fields += ["created_by", "created_at", "undone_at"]
        read_only_fields = fields


class PersonFullOutput(PersonOutput):
    """A person in full."""

    id_space = serializers.CharField()
    traits = TraitOutput(many=True)
    sources = serializers.ListField(child=serializers.CharField())
    joins = JoinOutput(many=True)


class AccountOutput(serializers.Serializer):
    """An account of a list."""

    no = serializers.IntegerField()
    label = serializers.CharField()
    account_id = serializers.CharField()
    n_people = serializers.IntegerField()
    first_seen_at = serializers.DateTimeField(allow_null=True)
    last_seen_at = serializers.DateTimeField(allow_null=True)
    n_events = serializers.IntegerField()


class WeekOutput(serializers.Serializer):
    """One week of an account."""

    starts_at = serializers.DateTimeField()
    n_events = serializers.IntegerField()
    n_people = serializers.IntegerField()
    is_partial = serializers.BooleanField()


class AccountFullOutput(AccountOutput):
    """An account in full."""

    id_space = serializers.CharField()
    traits = TraitOutput(many=True)
    weeks = WeekOutput(many=True)


class EventOutput(serializers.Serializer):
    """One event of a person."""

    at = serializers.DateTimeField()
    event = serializers.CharField()
    source = serializers.CharField()
    distinct_id = serializers.CharField()
    account = AccountRefOutput(allow_null=True)
    batch_no = serializers.IntegerField()
    properties = serializers.JSONField()


class TimelineOutput(serializers.Serializer):
    """A page of events, newest first; `older` is the `before` of the next page, null at the end."""

    events = EventOutput(many=True)
    older = serializers.CharField(allow_null=True)


class MomentOutput(serializers.Serializer):
    """One line of a story; `side` is "did" or "said" (they), or "we"."""

    at = serializers.DateTimeField()
    has_time = serializers.BooleanField(help_text="False where only the day is known.")
    side = serializers.ChoiceField(choices=["did", "said", "we"])
    kind = serializers.CharField()
    text = serializers.CharField()
    detail = serializers.CharField()
    url = serializers.CharField()


class StoryOutput(serializers.Serializer):
    """A page of a story, newest first; `older` is the `before` of the next page, null at the end."""

    moments = MomentOutput(many=True)
    older = serializers.CharField(allow_null=True)


def _checked(kind: type[serializers.Serializer], data: Any) -> dict[str, Any]:
    sent = kind(data=data)
    sent.is_valid(raise_exception=True)
    return sent.validated_data


def _answer_page(request: Any, found: Any, output: type[serializers.Serializer]) -> Response:
    url, n_pages = request.build_absolute_uri(), -(-found.total // found.page_size)
    body = {"count": found.total, "next": None, "previous": None, "is_cut": found.is_cut}
    if found.counted:
        body |= {"counted_at": found.counted.at, "is_current": found.counted.is_current}
    if found.number < n_pages:
        body["next"] = replace_query_param(url, "page", found.number + 1)
    if found.number > 1:
        body["previous"] = replace_query_param(url, "page", found.number - 1)
    return Response({**body, "results": output(found.rows, many=True).data})


def _answer_job(request: Any, job: PersonJob) -> Response:
    """Answer that a wish is kept, with the address that says how far it is."""
    body = PersonJobOutput(job, context={"request": request}).data
    return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Location": body["url"]})


class PersonViewSet(viewsets.ViewSet):
    """Persons of a product: for its team and for ops; merged and erased by ops."""

    lookup_value_regex = NUMBER

    @extend_schema(operation_id="persons_list", parameters=[PersonListInput], responses=PersonOutput(many=True))
    def list(self, request) -> Response:
        """List the persons of a product, newest first."""
        asked = _checked(PersonListInput, request.query_params)
        product = get_insider_product(request.user, asked["product"])
        found = list_persons(
            product, asked["q"], sort=asked["sort"] or "-first", page=asked["page"], page_size=asked["page_size"]
        )
        return _answer_page(request, found, PersonOutput)

    @extend_schema(operation_id="persons_retrieve", responses=PersonFullOutput)
    def retrieve(self, request, pk: str) -> Response:
        """One person, by the number of any of their ids."""
        scope, ids = get_person_ids(request.user, int(pk))
        ids = keep_seen(scope, ids)
        person = describe_person(scope, ids)
        joins = joins_of(ids).filter(Q(batch=None) | Q(batch__source__in=scope.source_ids))
        return Response(PersonFullOutput({**asdict(person), "joins": list(joins[:MOST_SHOWN])}).data)

    @extend_schema(
        operation_id="persons_events", parameters=[OpenApiParameter("before", str)], responses=TimelineOutput
    )
    @action(detail=True, methods=["get"])
    def events(self, request, pk: str) -> Response:
        """What the person did, newest first."""
        scope, ids = get_person_ids(request.user, int(pk))
        ids = keep_seen(scope, ids)
        _, timeline = read_person(scope, ids, request.query_params.get("before", ""))
        return Response(TimelineOutput(timeline).data)

    @extend_schema(operation_id="persons_story", parameters=[OpenApiParameter("before", str)], responses=StoryOutput)
    @action(detail=True, methods=["get"])
    def story(self, request, pk: str) -> Response:
        """What the person did, a line a day, what they said, and what we asked and answered; newest first."""
        scope, ids = get_person_ids(request.user, int(pk))
        subject = subject_of_person(scope, keep_seen(scope, ids))
        return Response(StoryOutput(read_story(subject, request.user, request.query_params.get("before", ""))).data)

    @extend_schema(operation_id="persons_export", request=None, responses={(200, "application/zip"): bytes})
    @action(detail=True, methods=["post"])
    def export(self, request, pk: str) -> FileResponse:
        """All that the portal knows of the person, as a zip of JSON Lines; for ops."""
        name, file = export_person(int(pk), actor=request.user)
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")

    @extend_schema(operation_id="persons_merge", request=MergeInput, responses={202: PersonJobOutput})
    @action(detail=True, methods=["post"])
    def merge(self, request, pk: str) -> Response:
        """Have another person made a part of this one, for the past too; undone by undoing the join."""
        require(request.user, "persons.merge")
        other = _checked(MergeInput, request.data)["other"]
        return _answer_job(request, actions.merge(int(pk), other, actor=request.user))

    @extend_schema(operation_id="persons_erase", request=EraseInput, responses={202: PersonJobOutput})
    @action(detail=True, methods=["post"])
    def erase(self, request, pk: str) -> Response:
        """Have the person erased in every room; cannot be undone."""
        require(request.user, "persons.erase")
        return _answer_job(request, actions.erase(int(pk), **_checked(EraseInput, request.data), actor=request.user))

    @extend_schema(operation_id="persons_look", request=LookInput, responses={202: PersonJobOutput})
    @action(detail=True, methods=["post"])
    def look(self, request, pk: str) -> Response:
        """Have what others wrote looked through for the person's names, before an erasure takes them out."""
        require(request.user, "persons.erase")
        return _answer_job(request, actions.look(int(pk), **_checked(LookInput, request.data), actor=request.user))


class AccountViewSet(viewsets.ViewSet):
    """Accounts of a product: for its team and for ops."""

    lookup_value_regex = NUMBER

    @extend_schema(operation_id="accounts_list", parameters=[AccountListInput], responses=AccountOutput(many=True))
    def list(self, request) -> Response:
        """List the accounts of a product, the last active first; `counted_at` says when, `is_current` with all data.

        503 while the accounts of a product with much history are counted for the first time.
        """
        asked = _checked(AccountListInput, request.query_params)
        product = get_insider_product(request.user, asked["product"])
        found = list_accounts(
            product, asked["q"], sort=asked["sort"] or "-last", page=asked["page"], page_size=asked["page_size"]
        )
        if found.counted and found.counted.at is None:
            raise Unavailable(NEVER_COUNTED)
        return _answer_page(request, found, AccountOutput)

    @extend_schema(operation_id="accounts_story", parameters=[OpenApiParameter("before", str)], responses=StoryOutput)
    @action(detail=True, methods=["get"])
    def story(self, request, pk: str) -> Response:
        """What the account's people did, a line a day, what they said, and what we asked and answered; newest first."""
        scope, account = get_account(request.user, int(pk))
        story = read_story(subject_of_account(scope, account), request.user, request.query_params.get("before", ""))
        return Response(StoryOutput(story).data)

    @extend_schema(operation_id="accounts_retrieve", responses=AccountFullOutput)
    def retrieve(self, request, pk: str) -> Response:
        """One account, with its last five weeks in the reader's zone."""
        scope, account = get_account(request.user, int(pk))
        facts, _ = read_account(scope, account, today=timezone.localtime(), page_size=1)
        return Response(AccountFullOutput(facts).data)


class PersonJoinViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Joins of ids into persons, refused and undone ones too."""

    queryset = PersonJoin.objects.order_by("-pk")
    lookup_value_regex = NUMBER
    serializer_class = JoinOutput
    filterset_fields = ["kind", "state", "batch", "batch__source__slug"]

    def get_queryset(self):
        """Return the joins that the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return PersonJoin.objects.none()
        return visible_joins(self.request.user).order_by("-pk")

    @extend_schema(operation_id="person_joins_undo", request=None, responses={202: PersonJobOutput})
    @action(detail=True, methods=["post"])
    def undo(self, request, pk: str) -> Response:
        """Have a join taken back, for the past too."""
        require(request.user, "persons.merge")
        return _answer_job(request, actions.take_back(get_join(request.user, int(pk)), actor=request.user))


class PersonJobViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Merges, splits and erasures that were asked for; for ops."""

    queryset = PersonJob.objects.order_by("-pk")
    lookup_value_regex = NUMBER
    serializer_class = PersonJobOutput
    filterset_class = PersonJobFilter

    def get_queryset(self):
        """Return the jobs that the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return PersonJob.objects.none()
        return list_jobs(self.request.user).order_by("-pk")

    @extend_schema(operation_id="person_jobs_cancel", request=None, responses=PersonJobOutput)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk: str) -> Response:
        """Call a job off that has not begun."""
        job = actions.cancel_job(get_job(request.user, int(pk)), actor=request.user)
        return Response(PersonJobOutput(job, context={"request": request}).data)


router = SimpleRouter()
router.register("persons", PersonViewSet, basename="person")
router.register("accounts", AccountViewSet, basename="account")
router.register("person-joins", PersonJoinViewSet, basename="person-join")
router.register("person-jobs", PersonJobViewSet, basename="person-job")
urlpatterns = router.urls
