"""Everything that is kept encrypted, to be encrypted anew."""

from typing import Final

import sqlalchemy as sa

from scene.store.auth import Sealed
from scene.store.secrets import Kept
from scene.store.sql.database import Database
from scene.store.sql.schema import auth_profiles, webhooks

_PLACES: Final = {
    "auth_profiles": (auth_profiles, auth_profiles.c.sealed, auth_profiles.c.key_id),
    "logins": (auth_profiles, auth_profiles.c.login_sealed, auth_profiles.c.login_key_id),
    "webhooks": (webhooks, webhooks.c.sealed, webhooks.c.key_id),
}


class SqlSecrets:
    def __init__(self, database: Database) -> None:
        self._database = database

    def other_than(self, key_id: str, after: tuple[str, str] | None, limit: int) -> list[Kept]:
        found: list[Kept] = []
        place_after, id_after = after or ("", "")
        with self._database.read() as transaction:
            for place, (table, sealed, key) in sorted(_PLACES.items()):
                if place < place_after:
                    continue
                columns = (table.c.id, sealed.label("text"), key.label("key"))
                query = sa.select(*columns).where(key != key_id, sealed.is_not(None))
                if place == place_after:
                    query = query.where(table.c.id > id_after)
                rows = transaction.all(query.order_by(table.c.id).limit(limit - len(found)))
                found += [Kept(place, row["id"], Sealed(row["text"], row["key"])) for row in rows]
                if len(found) >= limit:
                    break
        return found

    def reseal(self, kept: Kept, anew: Sealed) -> bool:
        table, sealed, key = _PLACES[kept.place]
        move = sa.update(table).where(table.c.id == kept.id, sealed == kept.sealed.text)
        with self._database.write() as transaction:
            return transaction.change(move.values({sealed.name: anew.text, key.name: anew.key_id})) == 1
