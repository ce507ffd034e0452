"""Auth profiles over REST: what is secret is written, and never answered."""

from fastapi import APIRouter, Response

from scene.api.deps import ActorDep, ExpectedVersion, ServicesDep, SliceDep, tag
from scene.api.examples import AuthProfileBody, StorageStateBody
from scene.api.schemas import AuthProfileChanges, ListOf
from scene.domain.auth import AuthProfile

router = APIRouter(prefix="/api", tags=["auth profiles"])


@router.post("/projects/{project_id}/auth-profiles", status_code=201, summary="Create an auth profile")
def create_auth_profile(
    project_id: str, draft: AuthProfileBody, services: ServicesDep, by: ActorDep, response: Response
) -> AuthProfile:
    profile = services.auth_profiles.create(project_id, draft, by)
    tag(response, profile)
    return profile


@router.get("/projects/{project_id}/auth-profiles", summary="The auth profiles of a project, newest first")
def list_auth_profiles(project_id: str, services: ServicesDep, request: SliceDep) -> ListOf[AuthProfile]:
    return ListOf.of(services.auth_profiles.newest(services.projects.get(project_id).id, request))


@router.get("/auth-profiles/{profile_id}", summary="One auth profile: which parts are set, without their values")
def get_auth_profile(profile_id: str, services: ServicesDep, response: Response) -> AuthProfile:
    profile = services.auth_profiles.get(profile_id)
    tag(response, profile)
    return profile


@router.patch("/auth-profiles/{profile_id}", summary="Change some fields of an auth profile, each as a whole")
def update_auth_profile(
    profile_id: str,
    changes: AuthProfileChanges,
    services: ServicesDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> AuthProfile:
    profile = services.auth_profiles.update(profile_id, changes, version, by)
    tag(response, profile)
    return profile


@router.put("/auth-profiles/{profile_id}/storage-state", summary="Replace the storage state with one made by hand")
def replace_storage_state(
    profile_id: str,
    state: StorageStateBody,
    services: ServicesDep,
    by: ActorDep,
    version: ExpectedVersion,
    response: Response,
) -> AuthProfile:
    changes = {"storage_state": state.model_dump(), "expires_at": None}
    profile = services.auth_profiles.update(profile_id, changes, version, by)
    tag(response, profile)
    return profile


@router.delete("/auth-profiles/{profile_id}", status_code=204, summary="Delete an auth profile")
def delete_auth_profile(profile_id: str, services: ServicesDep, by: ActorDep, version: ExpectedVersion) -> None:
    services.auth_profiles.delete(profile_id, version, by)
