"""Query parameters that nobody asked for are refused: a filter that is misspelt must not list everything."""

from fastapi import Request
from fastapi.routing import APIRoute

from scene.errors import FieldError, Invalid


def only_known_parameters(request: Request) -> None:
    """Raises Invalid, naming each parameter that the OpenAPI document does not have here, and those that it has."""
    route = request.scope["route"]
    if not request.query_params or not isinstance(route, APIRoute) or not route.include_in_schema:
        return
    operation = request.app.openapi()["paths"][route.path_format][request.method.lower()]
    known = sorted(each["name"] for each in operation.get("parameters", []) if each["in"] == "query")
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        says = f"there is no such parameter here; those there are: {', '.join(known) or 'none'}"
        raise Invalid(
            "; ".join(f"{name}: {says}" for name in unknown), fields=tuple(FieldError(name, says) for name in unknown)
        )
