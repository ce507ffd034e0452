"""What a browser is told once something was saved: close the dialog, say so, show what is new."""

import json
from collections.abc import Mapping

from fastapi.responses import Response


def saved(message: str, go_to: str | None = None, also: Mapping[str, object] | None = None) -> Response:
    """go_to: the page to show next; none stays where the reader is, and lists there ask again.

    also: further events with their details.
    """
    tell: dict[str, object] = {"scene:toast": {"message": message, "level": "success"}, **(also or {})}
    headers = {}
    if go_to is None:
        tell["scene:changed"] = True
    else:
        headers["HX-Location"] = json.dumps(
            {
                "path": go_to,
                "target": "#main",
                "select": "#main",
                "swap": "outerHTML show:window:top",
                "headers": {"HX-Boosted": "true"},
            }
        )
    # Last, since events start at the form, which goes with the dialog.
    tell["scene:close-dialog"] = True
    return Response(status_code=204, headers={"HX-Trigger": json.dumps(tell), **headers})


def refused(message: str) -> Response:
    """Why nothing was done, where there is no form to say it in."""
    tell = {"scene:toast": {"message": message, "level": "error"}}
    return Response(status_code=204, headers={"HX-Trigger": json.dumps(tell)})
