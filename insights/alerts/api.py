"""Alerts, incidents, days off and dry runs in the API: the pages' own actions behind other doors."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.alerts import actions, showing
from insights.alerts.access import get_alert, get_day_off, get_dry_run, get_incident
from insights.alerts.choosing import find_subject, from_question, key_of
from insights.alerts.contracts import Condition
from insights.alerts.filters import AlertFilter, IncidentFilter
from insights.alerts.models import Alert, DayOff, DryRun, Incident
from portal.messages.public import Webhook
from portal.people.api_fields import ProductField
from portal.people.public import User, Visibility
from portal.shell.api import ActionViewSet, CreateByAction, DeleteByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput


class ConditionField(serializers.Serializer):
    """When an alert tells; the keys of other kinds are refused."""

    kind = serializers.ChoiceField(["threshold", "change", "unlike", "late"])
    side = serializers.ChoiceField(["above", "below", "up", "down", "either"], required=False)
    value = serializers.FloatField(required=False)
    percent = serializers.FloatField(required=False, min_value=0, max_value=100_000)
    against = serializers.ChoiceField(["previous", "week"], required=False)
    least = serializers.FloatField(required=False, min_value=0)
    sense = serializers.ChoiceField(["calm", "normal", "keen"], required=False)
    grace_min = serializers.IntegerField(required=False, min_value=0, max_value=1440)

    _keys = {
        "threshold": ({"side", "value"}, {"side", "value"}, {"above", "below"}),
        "change": ({"percent"}, {"side", "percent", "against", "least"}, {"up", "down", "either"}),
        "unlike": (set(), {"side", "sense"}, {"up", "down", "either"}),
        "late": (set(), {"grace_min"}, set()),
    }

    def validate(self, sent: dict[str, Any]) -> Condition:
        """Return the condition; name what is missing and what does not belong."""
        needed, known, sides = self._keys[sent["kind"]]
        given = sent.keys() - {"kind"}
        faults = {name: ["This belongs to another kind. Leave it out."] for name in sorted(given - known)}
        faults |= {name: ["This kind needs it."] for name in sorted(needed - given)}
        if "side" in given & known and sent["side"] not in sides:
            faults["side"] = [f"Of this kind it is one of: {', '.join(sorted(sides))}."]
        if faults:
            raise serializers.ValidationError(faults)
        return Condition(**sent)


class AlertOutput(serializers.ModelSerializer):
    """An alert as the API shows it."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    subject = serializers.SerializerMethodField()
    in_words = serializers.SerializerMethodField()
    state = serializers.CharField(read_only=True)
    has_open = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Alert
        fields = [
            "id", "name", "subject", "subject_title", "condition", "in_words", "product", "team", "owner", "visibility",
            "people", "state", "has_open", "is_hourly", "checked_at", "hint", "failure", "failing_since", "revision",
            "created_at", "updated_at", "url",
        ]  # fmt: skip

    def get_subject(self, alert: Alert) -> str:
        """Return the key of what it watches, such as metric:3."""
        return key_of(alert)

    def get_in_words(self, alert: Alert) -> str:
        """Return the condition in a sentence."""
        return f"Tells when {alert.subject_title} {showing.words_of(alert)}."

    def get_has_open(self, alert: Alert) -> bool:
        """Say whether an incident is not resolved."""
        found = getattr(alert, "has_open", None)
        return bool(found) if found is not None else alert.incidents.live().exists()


class AlertInput(serializers.Serializer):
    """What may be sent: `subject` is metric:ID, insight:ID:LINE, source:ID, tile:ID:LINE; or `question`, `product`."""

    name = serializers.CharField(max_length=120)
    subject = serializers.CharField(max_length=60, required=False)
    question = serializers.DictField(required=False)
    product = ProductField(required=False)
    condition = ConditionField()
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), required=False)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)
    people = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), many=True, required=False)
    webhooks = serializers.PrimaryKeyRelatedField(queryset=Webhook.objects.none(), many=True, required=False)

    def get_fields(self):
        """Offer one's own webhooks alone."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:
            fields["webhooks"].child_relation.queryset = Webhook.objects.visible_to(request.user)
        return fields


class AlertChange(AlertInput):
    """A change names the revision that it was made from."""

    revision = serializers.IntegerField(min_value=1)


class DryRunInput(AlertInput):
    """What is to be tried; it needs no name."""

    name = serializers.CharField(max_length=120, required=False)


class DryRunOutput(serializers.ModelSerializer):
    """A dry run: `result` has the verdict of each bucket, its band, and the occurrences."""

    class Meta:
        model = DryRun
        fields = ["id", "state", "condition", "result", "failure", "created_at"]


def _subject(values: dict[str, Any], user: Any) -> Any:
    """Take what is watched out of what was sent; None where nothing of it was."""
    key, question, product = (values.pop(name, None) for name in ("subject", "question", "product"))
    if question is not None and product is not None:
        return from_question(question, product, user, title=str(values.get("name") or "Question"))
    return find_subject(key, user) if key is not None else None


class AlertViewSet(ActionViewSet):
    """Alerts; `revision` of a change says which state was changed. DELETE puts one away."""

    queryset = Alert.objects.with_subjects().with_marks().prefetch_related("people")
    output_serializer_class = AlertOutput
    input_serializer_class = AlertInput
    change_serializer_class = AlertChange
    filterset_class = AlertFilter
    ordering_fields = ["name", "created_at", "checked_at"]
    lookup_value_regex = r"\d+"
    revision_field = "revision"
    door = get_alert

    def do_create(self, values):
        """Make an alert."""
        subject = _subject(values, self.request.user)
        if subject is None:
            raise BadInput(fields={"subject": ["Name what to watch, or send a question and a product."]})
        return actions.create_alert(subject, values.pop("condition"), actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change an alert."""
        subject = _subject(values, self.request.user)
        if subject is None and "condition" in values:
            subject = find_subject(key_of(thing), self.request.user)
        return actions.update_alert(thing, actor=self.request.user, subject=subject, **values)

    def do_delete(self, thing):
        """Put an alert away; it can be brought back."""
        actions.archive_alert(thing, actor=self.request.user)

    def _act(self, act) -> Response:
        thing = self.get_thing(write=True)
        act(thing, actor=self.request.user)
        return self.answer(self.get_thing())

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def pause(self, request, pk: str) -> Response:
        """Stop checking it."""
        return self._act(actions.pause_alert)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request, pk: str) -> Response:
        """Let it go on."""
        return self._act(actions.resume_alert)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk: str) -> Response:
        """Bring it back."""
        return self._act(actions.restore_alert)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def check(self, request, pk: str) -> Response:
        """Have it checked now, by a worker."""
        return self._act(actions.check_now)

    @extend_schema(request=DryRunInput, responses={201: DryRunOutput})
    @action(detail=False, methods=["post"], url_path="dry-run", url_name="dry-run")
    def dry_run(self, request) -> Response:
        """Try a condition on the last 90 days; read the result at dry-runs."""
        values = self.get_input(DryRunInput)
        subject = _subject(values, request.user)
        if subject is None:
            raise BadInput(fields={"subject": ["Name what to watch, or send a question and a product."]})
        run = actions.ask_dry_run(subject, values["condition"], actor=request.user)
        return Response(DryRunOutput(run).data, status=201)


class DryRunViewSet(ReadViewSet):
    """One's own dry runs, kept for two days."""

    queryset = DryRun.objects.all()
    output_serializer_class = DryRunOutput
    lookup_value_regex = r"\d+"
    door = get_dry_run


class IncidentOutput(serializers.ModelSerializer):
    """An incident as the API shows it."""

    product = serializers.SlugRelatedField(source="alert.product", slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Incident
        fields = [
            "id", "alert", "product", "state", "first_label", "last_label", "n_buckets", "sentence", "newest",
            "opened_at", "acknowledged_at", "acknowledged_by", "snoozed_until", "resolved_at", "resolved_by", "is_back",
            "note", "annotation", "url",
        ]  # fmt: skip


class SnoozeInput(serializers.Serializer):
    """Until when an incident is left alone."""

    until = serializers.DateTimeField()


class ResolveInput(serializers.Serializer):
    """How an incident ended; with a note it is drawn on the product's charts unless told not to."""

    note = serializers.CharField(max_length=250, required=False, allow_blank=True)
    is_drawn = serializers.BooleanField(required=False)


class IncidentViewSet(ReadViewSet):
    """Incidents of alerts."""

    queryset = Incident.objects.select_related("alert__product")
    output_serializer_class = IncidentOutput
    filterset_class = IncidentFilter
    ordering_fields = ["opened_at", "resolved_at"]
    lookup_value_regex = r"\d+"
    door = get_incident

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request, pk: str) -> Response:
        """Say that somebody is at it."""
        incident = self.get_thing(write=True)
        actions.acknowledge_incident(incident, actor=request.user)
        return self.answer(incident)

    @extend_schema(request=SnoozeInput)
    @action(detail=True, methods=["post"])
    def snooze(self, request, pk: str) -> Response:
        """Leave it alone until a moment."""
        incident = self.get_thing(write=True)
        actions.snooze_incident(incident, self.get_input(SnoozeInput)["until"], actor=request.user)
        return self.answer(incident)

    @extend_schema(request=ResolveInput)
    @action(detail=True, methods=["post"])
    def resolve(self, request, pk: str) -> Response:
        """Close it, with a note."""
        incident = self.get_thing(write=True)
        actions.resolve_incident(incident, actor=request.user, **self.get_input(ResolveInput))
        return self.answer(incident)


class DayOffOutput(serializers.ModelSerializer):
    """A day off as the API shows it."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = DayOff
        fields = ["id", "day", "name", "product"]


class DayOffInput(serializers.Serializer):
    """What may be sent about a day off; without a product it is everybody's, for ops alone."""

    day = serializers.DateField()
    name = serializers.CharField(max_length=100)
    product = ProductField(required=False)


class DayOffViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """Days that alerts leave out."""

    queryset = DayOff.objects.select_related("product")
    output_serializer_class = DayOffOutput
    input_serializer_class = DayOffInput
    ordering_fields = ["day"]
    lookup_value_regex = r"\d+"
    door = get_day_off

    def do_create(self, values):
        """Note a day off."""
        return actions.add_day_off(actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take a day out of the list."""
        actions.remove_day_off(thing, actor=self.request.user)


router = PortalRouter()
router.register("alerts", AlertViewSet, basename="alert")
router.register("incidents", IncidentViewSet, basename="incident")
router.register("days-off", DayOffViewSet, basename="day-off")
router.register("dry-runs", DryRunViewSet, basename="dry-run")
urlpatterns = router.urls
