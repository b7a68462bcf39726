"""The addresses that Segment's and PostHog's clients call, with and without a closing slash; part of no page."""

from django.urls import re_path

from insights.capture import doors

app_name = "capture_api"
urlpatterns = [
    re_path(
        r"^v1/(?P<call>track|identify|page|screen|group|alias|batch|import|t|i|p|s|g|a|b)/?$",
        doors.segment_call,
        name="segment",
    ),
    re_path(r"^(?P<path>capture|batch|e|i/v0/e|i/v0/ai/batch)/?$", doors.posthog_call, name="posthog"),
    re_path(r"^i/v1/analytics/events/?$", doors.posthog_events, name="posthog-events"),
    re_path(r"^(?P<path>flags|decide)/?$", doors.posthog_flags, name="posthog-flags"),
    re_path(
        r"^(?P<path>flags/definitions|api/feature_flag/local_evaluation)/?$",
        doors.posthog_definitions,
        name="posthog-definitions",
    ),
    re_path(r"^array/(?P<key>[A-Za-z0-9_-]{1,100})/config/?$", doors.posthog_config, name="posthog-config"),
    re_path(r"^array/(?P<key>[A-Za-z0-9_-]{1,100})/config\.js$", doors.posthog_config_script, name="posthog-script"),
]
