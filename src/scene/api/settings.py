"""The settings over REST: one record."""

from fastapi import APIRouter, Response

from scene.api.deps import ActorDep, ExpectedVersion, ServicesDep, tag
from scene.api.schemas import SettingsChanges
from scene.domain.settings import SettingsRecord

router = APIRouter(prefix="/api/settings", tags=["settings"])


@router.get("", summary="The settings")
def get_settings(services: ServicesDep, response: Response) -> SettingsRecord:
    settings = services.configuration.get()
    tag(response, settings)
    return settings


@router.patch("", summary="Change some settings")
def update_settings(
    changes: SettingsChanges, services: ServicesDep, by: ActorDep, version: ExpectedVersion, response: Response
) -> SettingsRecord:
    settings = services.configuration.update(changes, version, by)
    tag(response, settings)
    return settings
