"""One thing of every kind that the REST interface has."""

from datetime import UTC, datetime, timedelta

from scene.bootstrap import Scene
from scene.domain.auth import AuthProfileDraft
from scene.domain.model import new_id
from scene.domain.quarantines import QuarantineDraft
from scene.domain.records import EventType
from scene.domain.schedules import ScheduleDraft
from scene.domain.webhooks import WebhookDraft
from tests.contract.store.world import ANN, Clock, World

TOMORROW = datetime.now(UTC) + timedelta(days=1)


def things(scene: Scene) -> dict[str, str]:
    """The id of each, or its name, by what parameters and fields call it."""
    world = World(scene.store, Clock())
    project = world.project(slug=f"shop-{new_id()}")
    batch = world.batch(2, project)
    baseline = world.record(batch)
    run, admitted = world.run(batch, baseline=baseline)
    world.carry_out(admitted, percent=1)
    execution = scene.store.executions.get(admitted[0].execution_id)
    detail = scene.services.history.execution(execution.id)
    scene.artifacts.put_bytes(detail.artifacts[0].name.encode())
    profile = scene.services.auth_profiles.create(project.id, AuthProfileDraft(name="Ann"), ANN)
    schedule = scene.services.schedules.create(
        project.id, ScheduleDraft(name="Daily", batch_id=batch.id, cron="0 6 * * *", time_zone="UTC"), ANN
    )
    hook = WebhookDraft(endpoint_url="https://hooks.example.org", event_types=[EventType.RUN_FINISHED])
    webhook = scene.services.webhooks.create(hook, ANN)
    draft = QuarantineDraft(task_id=batch.tasks[0].task_id, reason="Shaky", owner="ann", expires_at=TOMORROW)
    quarantine = scene.services.quarantines.create(project.id, draft, ANN)
    ids = {
        "project": project.id,
        "batch": batch.id,
        "page": world.pages[project.id].id,
        "task": batch.tasks[0].task_id,
        "run": run.id,
        "baseline": baseline.id,
        "execution": execution.id,
        "screenshot": detail.screenshots[0].id,
        "artifact": detail.artifacts[0].id,
        "profile": profile.id,
        "auth_profile": profile.id,
        "login_task": batch.tasks[0].task_id,
        "schedule": schedule.id,
        "webhook": webhook.id,
        "quarantine": quarantine.id,
        "delivery": scene.services.webhooks.test(webhook.id, ANN).id,
    }
    named = {f"{noun}_id": each for noun, each in ids.items()}
    return {**ids, **named, "rerun_of": run.id, "task_ids": batch.tasks[0].task_id, "name": detail.artifacts[0].name}
