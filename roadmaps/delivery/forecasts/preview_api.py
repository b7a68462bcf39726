"""A forecast of raw weeks over the API: nothing is read and nothing is kept."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from roadmaps.delivery.forecasts.contracts import PERCENTS, Answer
from roadmaps.delivery.forecasts.monte_carlo import (
    MOST_ITEMS,
    MOST_WEEKS_OF_HISTORY,
    N_TRIALS,
    last_day_of,
    preview,
)

_MOST_AHEAD = 104
_MOST_SEED = 2**32 - 1


class PreviewInput(serializers.Serializer):
    """A history of whole weeks, the oldest first, and how many items are left."""

    weeks = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=MOST_ITEMS),
        max_length=MOST_WEEKS_OF_HISTORY,
        help_text="Items finished in each whole week, zeros included.",
    )
    n = serializers.IntegerField(min_value=0, max_value=MOST_ITEMS, help_text="Items that are left.")
    seed = serializers.IntegerField(min_value=0, max_value=_MOST_SEED, default=0)
    n_weeks = serializers.IntegerField(
        min_value=1, max_value=_MOST_AHEAD, default=12, help_text="For how many weeks to say how much will be done."
    )
    today = serializers.DateField(
        required=False, help_text="The day on which the forecast is made; the first week begins then or after it."
    )


class WeekChance(serializers.Serializer):
    """How likely all is done by the end of a week."""

    week = serializers.IntegerField()
    ends_on = serializers.DateField()
    chance = serializers.FloatField(help_text="0 to 1.")


class DoneBy(serializers.Serializer):
    """The first week that reaches a percent, counted from 1; null: later than ten years."""

    week = serializers.IntegerField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)


class DoneIn(serializers.Serializer):
    """How many items are done by the end of a week, with at least that chance."""

    week = serializers.IntegerField()
    ends_on = serializers.DateField()
    p50 = serializers.IntegerField()
    p85 = serializers.IntegerField()
    p95 = serializers.IntegerField()


class PreviewOutput(serializers.Serializer):
    """When the items will be done; `reason` says why nothing can be said, and is empty where it can."""

    n = serializers.IntegerField()
    n_trials = serializers.IntegerField()
    seed = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)
    chances = WeekChance(many=True)
    p50 = DoneBy(allow_null=True)
    p85 = DoneBy(allow_null=True)
    p95 = DoneBy(allow_null=True)
    done_in = DoneIn(many=True)


class PreviewView(APIView):
    """Say when so many items will be done, from the weeks that were sent alone."""

    reads_by_post = True

    @extend_schema(operation_id="forecasts_preview", tags=["forecasts"], request=PreviewInput, responses=PreviewOutput)
    def post(self, request) -> Response:
        """Simulate 10,000 times how the weeks that come may go, each drawn from those of the history."""
        wanted = PreviewInput(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        today = values.get("today") or timezone.localdate()
        answer = preview(values["weeks"], values["n"], values["seed"], values["n_weeks"])
        return Response({"n": values["n"], "n_trials": N_TRIALS, "seed": values["seed"], **_said(answer, today)})


def _said(answer: Answer, today: Any) -> dict[str, Any]:
    weeks, done_in = answer.weeks or {}, answer.done_in or {}
    dates = {
        f"p{percent}": {"week": weeks[percent], "ends_on": last_day_of(weeks[percent], today)}
        if percent in weeks
        else None
        for percent in PERCENTS
    }
    chances = [
        {"week": week, "ends_on": last_day_of(week, today), "chance": chance}
        for week, chance in enumerate(answer.chances, 1)
    ]
    most = [
        {
            "week": week,
            "ends_on": last_day_of(week, today),
            **{f"p{percent}": done_in[percent][week - 1] for percent in PERCENTS},
        }
        for week in range(1, len(next(iter(done_in.values()), ())) + 1)
    ]
    return {"reason": answer.why_none, "chances": chances, **dates, "done_in": most}
