"""How the API's schema names our way of signing in."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):
    """API tokens as bearer authentication."""

    target_class = "portal.people.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        """Return the scheme of OpenAPI."""
        return {"type": "http", "scheme": "bearer", "description": "A token from your profile, sent as a bearer."}
