"""Query parameters that nobody asked for are refused: a filter that is misspelt must not list everything."""

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute

from scene.errors import FieldError, Invalid


def only_known_parameters(request: Request) -> None:
    """Raises Invalid, naming each parameter that is not taken here, and those that are."""
    route = request.scope["route"]
    if not request.query_params or not isinstance(route, APIRoute) or not route.include_in_schema:
        return
    parameters = get_flat_params(route.dependant)
    known = sorted({parameter.alias for parameter in parameters if isinstance(parameter.field_info, Query)})
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        says = f"there is no such parameter here; those there are: {', '.join(known) or 'none'}"
        raise Invalid(
            "; ".join(f"{name}: {says}" for name in unknown), fields=tuple(FieldError(name, says) for name in unknown)
        )
