"""Addresses of the messages room."""

from django.urls import path

from portal.messages.views import digests, notices, subscriptions, webhooks

app_name = "messages"
urlpatterns = [
    path("notices/", notices.notice_list, name="notice-list"),
    path("notices/read/", notices.notice_read_all, name="notice-read-all"),
    path("notices/<int:notice_id>/", notices.notice_open, name="notice-open"),
    path("profile/subscriptions/", subscriptions.subscription_list, name="subscription-list"),
    path("profile/subscriptions/new/", subscriptions.subscription_new, name="subscription-new"),
    path("profile/subscriptions/quiet/clear/", subscriptions.quiet_hours_clear, name="quiet-hours-clear"),
    path("profile/subscriptions/<int:subscription_id>/", subscriptions.subscription_edit, name="subscription-edit"),
    path(
        "profile/subscriptions/<int:subscription_id>/stop/", subscriptions.subscription_stop, name="subscription-stop"
    ),
    path(
        "profile/subscriptions/<int:subscription_id>/resume/",
        subscriptions.subscription_resume,
        name="subscription-resume",
    ),
    path(
        "profile/subscriptions/<int:subscription_id>/send/", subscriptions.subscription_send, name="subscription-send"
    ),
    path("profile/sent/", subscriptions.delivery_list, name="delivery-list"),
    path("profile/sent/<int:delivery_id>/", digests.digest_page, name="digest-page"),
    path("profile/sent/<int:delivery_id>/charts/<int:number>/", digests.digest_chart, name="digest-chart"),
    path("profile/webhooks/", webhooks.webhook_list, name="webhook-list"),
    path("profile/webhooks/<int:webhook_id>/", webhooks.webhook_page, name="webhook-page"),
    path("profile/webhooks/<int:webhook_id>/test/", webhooks.webhook_test, name="webhook-test"),
    path("profile/webhooks/<int:webhook_id>/secret/", webhooks.webhook_secret, name="webhook-secret"),
    path("profile/webhooks/<int:webhook_id>/delete/", webhooks.webhook_delete, name="webhook-delete"),
    path("unsubscribe/<str:token>/", digests.unsubscribe, name="unsubscribe"),
]
