"""What programs come in with."""

from collections.abc import Callable
from datetime import datetime

from scene.domain.access import NewToken, Scope, Token, TokenDraft, User
from scene.domain.records import Actor
from scene.errors import Invalid, NotFound, Refused
from scene.services.access import TOKEN_PREFIX, digest_of, new_secret
from scene.store.base import Store
from scene.store.values import Slice, SliceRequest
from scene.store.walking import every


class Tokens:
    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._tokens = store.tokens
        self._clock = clock

    def create(self, draft: TokenDraft, owner: User | None, by: Actor) -> NewToken:
        """Its secret is told here, and never again. Raises Invalid, AlreadyExists, and Refused where it would allow
        more than its owner may."""
        if draft.expires_at is not None and draft.expires_at <= self._clock():
            raise Invalid.field("expires_at", "must be in the future")
        if owner is not None and not owner.role.covers(Scope(draft.scope)):
            raise Refused(f"A token of {owner.name} can have the scope {owner.role} at most.")
        secret = TOKEN_PREFIX + new_secret()
        token = self._tokens.create(draft, digest_of(secret), owner.id if owner else None, by)
        return NewToken(**token.model_dump(), secret=secret)

    def of(self, owner: User, request: SliceRequest) -> Slice[Token]:
        return self._tokens.newest(owner.id, request)

    def newest(self, request: SliceRequest) -> Slice[Token]:
        """Everybody's."""
        return self._tokens.newest(None, request)

    def named(self, name: str) -> Token:
        """The one of this name that can still be used. Raises NotFound."""
        for token in every(self.newest):
            if token.name == name and token.revoked_at is None:
                return token
        raise NotFound.of("token", name)

    def get(self, token_id: str, of: User | None) -> Token:
        """of: whose it must be; None for anybody's. Raises NotFound."""
        token = self._tokens.get(token_id)
        if of is not None and token.user_id != of.id:
            raise NotFound.of("token", token_id)
        return token

    def revoke(self, token_id: str, of: User | None, by: Actor) -> Token:
        """As ``get``."""
        return self._tokens.revoke(self.get(token_id, of).id, by)
