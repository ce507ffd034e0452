"""The baselines of a batch, to choose one from."""

from scene.bootstrap import Services
from scene.errors import NotFound
from scene.store.values import MAX_SLICE, SliceRequest
from scene.web.baseline_views import name_of


def baseline_choices(services: Services, batch_id: str, chosen: str | None) -> list[tuple[str, str]]:
    """The id and the words of the newest hundred, and of the one that is chosen already where it is older."""
    found = services.history.baselines(None, batch_id, SliceRequest(limit=MAX_SLICE)).items
    if chosen and chosen not in {each.id for each in found}:
        try:
            older = services.history.baseline(chosen)
        except NotFound:
            older = None
        found += [older] if older and older.batch_id == batch_id else []
    return [(each.id, name_of(each)) for each in found]
