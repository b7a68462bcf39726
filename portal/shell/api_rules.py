"""What every call of the API passes, named in the settings: paging, sorting, scopes and rates."""

import logging

from django.core.exceptions import ValidationError
from django.db import DataError
from redis.exceptions import RedisError
from rest_framework import exceptions, filters, permissions
from rest_framework.pagination import CursorPagination
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle

log = logging.getLogger(__name__)


class CursorPage(CursorPagination):
    """Pages by cursor, newest first unless the view says otherwise; `page_size` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-pk"

    def paginate_queryset(self, queryset, request, view=None):
        """Return a page; a cursor that was not ours is an address that leads nowhere."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError, DataError) as error:
            raise exceptions.NotFound(self.invalid_cursor_message) from error


class StableOrdering(filters.OrderingFilter):
    """`?sort=name` or `-name` from the view's `ordering_fields`; ties by id, so that pages never overlap."""

    ordering_param = "sort"
    ordering_description = "The field to sort by, with - before it for descending."

    def get_valid_fields(self, queryset, view, context=None):
        """Return the view's named fields and nothing else."""
        return [(name, name) for name in getattr(view, "ordering_fields", [])]

    def get_ordering(self, request, queryset, view):
        """Return the sort in force, ending in the id."""
        text = request.query_params.get(self.ordering_param, "")
        allowed = {name for name, _ in self.get_valid_fields(queryset, view)}
        unknown = [name for name in text.split(",") if name and name.lstrip("-") not in allowed]
        if unknown:
            names = ", ".join(sorted(allowed)) or "nothing"
            raise exceptions.ValidationError({"sort": [f"Cannot sort by {', '.join(unknown)}. Use: {names}."]})
        ordering = super().get_ordering(request, queryset, view)
        return [*ordering, "-pk"] if ordering else ["-pk"]


class ScopeAllows(permissions.BasePermission):
    """A token with the scope "read" may only read."""

    message = "This token may only read. Make one with the scope “read and write”."

    def has_permission(self, request, view) -> bool:
        """Say whether the token's scope is enough for the method, or the view's POST only reads."""
        if getattr(request.auth, "scope", "write") != "read" or request.method in permissions.SAFE_METHODS:
            return True
        return getattr(view, "reads_by_post", False) or getattr(view, "action", None) in getattr(
            view, "reading_actions", ()
        )


class _OpenWithoutCache:
    """While the cache is away, requests pass: a rate limit is no reason to be down."""

    def allow_request(self, request, view) -> bool:
        """Say whether the rate allows the request."""
        try:
            return super().allow_request(request, view)  # type: ignore[misc]  # a mix-in in front of a throttle
        except RedisError:
            log.warning("api: the cache does not answer; rates are not limited")
            return True


class UserRate(_OpenWithoutCache, UserRateThrottle):
    """So many requests a person."""


class AnonRate(_OpenWithoutCache, AnonRateThrottle):
    """So many requests an address that nobody has signed in from."""
