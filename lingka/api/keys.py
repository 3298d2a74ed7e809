"""Who calls: an API key in the Authorization header, its scopes, and the actor it stands for."""

from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer

from lingka.accounts import selectors as accounts
from lingka.core.actors import Actor


class Key(HttpBearer):
    """A key that has the named scope. Actions run as the key's user, or as the client itself."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor that the key stands for, or None for a key that is unknown or revoked."""
        key = accounts.api_key(token)
        if key is None:
            return None
        if self.scope not in key.scopes:
            raise AuthorizationError
        return Actor("user", key.user_id) if key.user_id else Actor("client", key.id)
