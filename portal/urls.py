"""Every room's addresses; wiring only."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.shell.urls")),
    path("accounts/", include("allauth.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    path("refreshes/", include("portal.refresh.urls")),
    path("admin/", admin.site.urls),
]
