"""``scene audit``: who did what, and whether somebody has changed what the log says."""

import json
import re
import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from scene.beside import audit_of
from scene.cli.operator import AsJson, DataDir, command, group, say, show
from scene.domain.chain import Head
from scene.domain.exit_code import ExitCode
from scene.domain.filters import AuditFilter
from scene.domain.records import AuditEntry
from scene.errors import Invalid
from scene.services.editing import invalid
from scene.settings import load_settings
from scene.store.values import SliceRequest

app = group("The audit log: who did what, and when. Nobody can change it unseen.")

Who = Annotated[str | None, typer.Option("--actor", help="Only by this person or program.")]
What = Annotated[str | None, typer.Option("--action", help="Only such as run.created, or run for all of runs.")]
Which = Annotated[str | None, typer.Option("--target", help="Only about this, such as run:ID.")]
After = Annotated[str | None, typer.Option("--after", help="Only then or later, such as 2026-03-01T12:00:00Z.")]
Before = Annotated[str | None, typer.Option("--before", help="Only earlier.")]


@command(app, "verify")
def verify(
    expect: Annotated[
        str | None,
        typer.Option(help="The entry that an earlier verify said was the newest, as NUMBER:DIGEST."),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Check that no entry was changed, removed or put in: exit code 1 names the first that is wrong.

    Keep what it prints somewhere else, and give it with --expect the next time: then it is also seen when entries at
    the end are gone, or when the whole chain was made anew.
    """
    kept = _kept(expect)
    with audit_of(load_settings(data_dir=data_dir)) as audit:
        verified = audit.verify(kept)
    head, broken = verified.head, verified.broken
    if as_json:
        wrong = {"seq": broken.seq, "id": broken.entry_id, "why": broken.why} if broken else None
        document = {"ok": broken is None, "entries": head.seq, "digest": head.digest, "broken": wrong}
        sys.stdout.write(json.dumps(document) + "\n")
    elif broken is not None:
        name = f" ({broken.entry_id})" if broken.entry_id else ""
        say(f"Entry {broken.seq}{name} {broken.why}. The {head.seq} before it are as they were written.")
    else:
        say(f"All {head.seq} entries are as they were written. The newest: {head.seq}:{head.digest}")
    if broken is not None:
        raise typer.Exit(ExitCode.DIFFERENT)


@command(app, "list")
def list_(
    actor: Who = None,
    action: What = None,
    target: Which = None,
    after: After = None,
    before: Before = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 50,
    data_dir: DataDir = None,
) -> None:
    """List the newest entries."""
    only = _filter(actor, action, target, after, before)
    with audit_of(load_settings(data_dir=data_dir)) as audit:
        entries = audit.newest(only, SliceRequest(limit=limit)).items
    show(["time (UTC)", "actor", "action", "targets"], [_row(entry) for entry in entries])


@command(app, "export")
def export(
    actor: Who = None,
    action: What = None,
    target: Which = None,
    after: After = None,
    before: Before = None,
    data_dir: DataDir = None,
) -> None:
    """Print entries as JSON lines, oldest first."""
    only = _filter(actor, action, target, after, before)
    with audit_of(load_settings(data_dir=data_dir)) as audit:
        for entry in audit.in_order(only):
            sys.stdout.write(entry.model_dump_json() + "\n")


def _kept(expected: str | None) -> Head | None:
    if expected is None:
        return None
    found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", expected.strip())
    if found is None:
        raise Invalid.field("--expect", "must be NUMBER:DIGEST, as verify prints it")
    return Head(int(found[1]), found[2])


def _filter(
    actor: str | None, action: str | None, target: str | None, after: str | None, before: str | None
) -> AuditFilter:
    given = {"actor": actor, "action": action, "target": target, "occurred_after": after, "occurred_before": before}
    try:
        return AuditFilter.model_validate({name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise invalid(error) from None


def _row(entry: AuditEntry) -> list[str]:
    return [f"{entry.occurred_at:%Y-%m-%d %H:%M:%S}", entry.actor.label, entry.action, "\n".join(entry.targets)]
