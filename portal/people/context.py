"""What every template may know about people."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.people.queries import build_switcher


def current_product(request: HttpRequest) -> dict:
    """Return `current_product`: the product that the person has chosen, or None; read only where it is used."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}

    def find():
        choice = build_switcher(request)
        return choice.current if choice else None

    return {"current_product": SimpleLazyObject(find)}
