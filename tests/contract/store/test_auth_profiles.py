"""Auth profiles: opaque secrets, who uses them, and who signs in."""

from typing import Any

import pytest

from scene.domain.auth import AuthParts, AuthProfile
from scene.domain.catalog import BatchDraft, BatchTask, Page, PageDraft, Project, TaskDraft
from scene.domain.matrix import expand, snapshot
from scene.domain.runs import RunDraft, RunPlan
from scene.domain.status import Purpose, Reason
from scene.domain.viewport import Viewport
from scene.errors import AlreadyExists, InUse, Invalid, NotFound, VersionConflict
from scene.store.auth import LoginFailure, Sealed, SealedProfile
from scene.store.values import SliceRequest
from tests.contract.store.world import ANN, START, World

PARTS = AuthParts(basic=True, cookies=["session"], storage_state=None, headers=[], secrets=["password"])
STATE = Sealed("state", "k1")
GONE = LoginFailure(reason=Reason.SELECTOR, message="No element matched #gone.")


def written(name: str = "Customer", **fields: Any) -> SealedProfile:
    known: dict[str, Any] = {
        "parts": PARTS, "sealed": Sealed("opaque", "k1"), "login_task_id": None, "max_age_seconds": 60,
        "expires_at": None,
    }  # fmt: skip
    return SealedProfile(name=name, **(known | fields))


def profile_of(world: World, project: Project | None = None, **fields: Any) -> AuthProfile:
    return world.store.auth_profiles.create((project or world.project()).id, written(**fields), ANN)


def page_of(world: World, profile: AuthProfile) -> Page:
    draft = PageDraft(name="account", url="https://shop.example/", auth_profile_id=profile.id)
    return world.store.pages.create(profile.project_id, draft, ANN)


def test_a_profile_is_read_as_it_was_written(world: World) -> None:
    profile = profile_of(world, expires_at=START)
    assert world.store.auth_profiles.get(profile.id) == profile
    assert (profile.name, profile.parts, profile.checked_at, profile.expires_at) == ("Customer", PARTS, START, START)
    assert world.store.auth_profiles.sealed(profile.id) == Sealed("opaque", "k1")
    assert world.store.auth_profiles.newest(profile.project_id, SliceRequest()).items == [profile]
    entry = world.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.data) == ("auth_profile.created", {"name": "Customer"})


def test_a_name_is_unique_in_its_project_only(world: World) -> None:
    shop, blog = world.project("shop"), world.project("blog")
    profile_of(world, shop)
    profile_of(world, blog)
    with pytest.raises(AlreadyExists, match="another auth profile has the name 'Customer'"):
        profile_of(world, shop)


def test_who_saves_second_is_told(world: World) -> None:
    profile = profile_of(world)
    changed = world.store.auth_profiles.replace(profile.id, written("Admin"), ["name"], profile.version, ANN)
    assert (changed.name, changed.version) == ("Admin", 2)
    with pytest.raises(VersionConflict):
        world.store.auth_profiles.replace(profile.id, written("Other"), ["name"], profile.version, ANN)
    with pytest.raises(VersionConflict):
        world.store.auth_profiles.delete(profile.id, profile.version, ANN)


def test_a_page_refers_to_a_profile_of_its_project(world: World) -> None:
    profile = profile_of(world)
    page = page_of(world, profile)
    assert world.store.pages.get(page.id).auth_profile_id == profile.id
    draft = PageDraft(name="account", url="https://blog.example/", auth_profile_id=profile.id)
    blog = world.project("blog")
    other = world.page(blog)
    for refer in (
        lambda: world.store.pages.create(blog.id, draft, ANN),
        lambda: world.store.pages.replace(other.id, draft, None, ANN),
    ):
        with pytest.raises(Invalid) as caught:
            refer()
        assert caught.value.fields[0].field == "auth_profile_id"


def test_a_profile_in_use_is_kept_and_its_pages_are_named(world: World) -> None:
    profile = profile_of(world)
    page = page_of(world, profile)
    with pytest.raises(InUse, match="'account'"):
        world.store.auth_profiles.delete(profile.id, None, ANN)
    world.store.pages.delete(page.id, None, ANN)
    world.store.auth_profiles.delete(profile.id, None, ANN)
    with pytest.raises(NotFound):
        world.store.auth_profiles.get(profile.id)


def test_a_profile_of_an_active_run_is_kept(world: World) -> None:
    profile = profile_of(world)
    page = page_of(world, profile)
    task_draft = TaskDraft(name="look", page_id=page.id, viewports=[Viewport(width=100, height=100)])
    task = world.store.tasks.create(profile.project_id, task_draft, ANN)
    draft = BatchDraft(name="smoke", tasks=[BatchTask(task_id=task.id)])
    batch = world.store.batches.create(profile.project_id, draft, ANN)
    project = world.store.projects.get(profile.project_id)
    frozen = snapshot(project, page, task, auth_profile=profile)
    asked = RunDraft(batch_id=batch.id, purpose=Purpose.COMPARISON)
    run, admitted, _ = world.store.runs.create(asked, RunPlan(expand(task, frozen)), ANN)
    without = PageDraft(name="account", url="https://shop.example/")
    world.store.pages.replace(page.id, without, None, ANN)
    with pytest.raises(InUse, match=run.id):
        world.store.auth_profiles.delete(profile.id, None, ANN)
    world.carry_out(admitted)
    world.store.auth_profiles.delete(profile.id, None, ANN)


def test_a_login_task_is_of_the_project_and_is_kept(world: World) -> None:
    project = world.project()
    task, foreign = world.task(project), world.task(world.project("blog"))
    profile = profile_of(world, project, login_task_id=task.id)
    assert (profile.login_task_id, profile.checked_at) == (task.id, None)
    with pytest.raises(InUse, match="'Customer'"):
        world.store.tasks.delete(task.id, None, ANN)
    with pytest.raises(Invalid) as caught:
        profile_of(world, project, name="Other", login_task_id=foreign.id)
    assert caught.value.fields[0].field == "login_task_id"
    world.store.projects.delete(project.id, None, ANN)


def test_keys_are_counted_by_profile(world: World) -> None:
    project = world.project()
    assert world.store.auth_profiles.keys() == {}
    first = profile_of(world, project)
    profile_of(world, project, name="Other", sealed=Sealed("opaque", "k2"))
    begin(world, first)
    world.store.auth_profiles.end_login(first.id, "w1", "d", "run:1", Sealed("state", "k2"))
    assert world.store.auth_profiles.keys() == {"k1": 1, "k2": 2}


def begin(world: World, profile: AuthProfile, holder: str = "w1", digest: str = "d", cause: str = "run:1") -> Any:
    return world.store.auth_profiles.begin_login(profile.id, digest, cause, holder, 30)


def test_one_at_a_time_signs_in_and_the_others_get_its_state(world: World) -> None:
    profile = profile_of(world)
    assert begin(world, profile).mine
    assert begin(world, profile, "w2") == (None, None, False)
    world.clock.pass_seconds(5)
    assert world.store.auth_profiles.end_login(profile.id, "w1", "d", "run:1", STATE)
    assert begin(world, profile, "w2").state == STATE
    known = world.store.auth_profiles.get(profile.id)
    assert (known.version, known.checked_at) == (profile.version, world.clock.now)
    assert (known.expires_at - world.clock.now).total_seconds() == 60


def test_a_state_that_is_too_old_or_made_of_something_else_does_not_count(world: World) -> None:
    profile = profile_of(world)
    begin(world, profile)
    world.store.auth_profiles.end_login(profile.id, "w1", "d", "run:1", STATE)
    assert begin(world, profile, digest="other").mine
    world.store.auth_profiles.leave_login(profile.id, "w1")
    assert begin(world, profile).state == STATE
    world.clock.pass_seconds(61)
    assert begin(world, profile).mine


def test_a_failure_is_remembered_for_its_cause_alone(world: World) -> None:
    profile = profile_of(world)
    begin(world, profile)
    assert world.store.auth_profiles.end_login(profile.id, "w1", "d", "run:1", GONE)
    assert begin(world, profile, "w2").failure == GONE
    assert begin(world, profile, "w2", cause="run:2").mine


def test_a_turn_that_is_never_ended_runs_out(world: World) -> None:
    profile = profile_of(world)
    begin(world, profile)
    world.clock.pass_seconds(31)
    assert begin(world, profile, "w2").mine
    assert not world.store.auth_profiles.end_login(profile.id, "w1", "d", "run:1", STATE)
    assert world.store.auth_profiles.end_login(profile.id, "w2", "d", "run:1", STATE)


def test_a_turn_given_back_is_the_next_ones(world: World) -> None:
    profile = profile_of(world)
    begin(world, profile)
    world.store.auth_profiles.leave_login(profile.id, "w2")
    assert not begin(world, profile, "w2").mine
    world.store.auth_profiles.leave_login(profile.id, "w1")
    assert begin(world, profile, "w2").mine


def test_after_a_change_somebody_has_to_sign_in_again(world: World) -> None:
    profile = profile_of(world)
    begin(world, profile)
    world.store.auth_profiles.replace(profile.id, written(sealed=Sealed("new", "k1")), ["secrets"], None, ANN)
    assert not world.store.auth_profiles.end_login(profile.id, "w1", "d", "run:1", STATE)
    assert begin(world, profile, "w2").mine
