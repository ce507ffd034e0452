"""Where spans go: to an OpenTelemetry collector, when one is named."""

from importlib import metadata

from scene.errors import SetupError
from scene.telemetry.spans import FORCED

_HOW = "install Scene with its extra: pip install 'scene[otel]'"


def export_spans(endpoint: str | None, service_name: str = "scene") -> None:
    """Send the spans of this process by OTLP over HTTP; nothing without an endpoint.

    Raises SetupError when what it takes is not installed.
    """
    if endpoint is None:
        return
    try:
        from opentelemetry import trace  # noqa: PLC0415  An extra: not installed with Scene itself.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415
    except ImportError as error:
        raise SetupError(f"SCENE_OTLP_ENDPOINT: {error.name} is not installed; {_HOW}.") from None

    class Ids(RandomIdGenerator):
        """Random, but for the root of a run's trace."""

        def generate_trace_id(self) -> int:
            forced = FORCED.get()
            return forced.trace_id if forced else super().generate_trace_id()

        def generate_span_id(self) -> int:
            forced = FORCED.get()
            return forced.span_id if forced else super().generate_span_id()

    about = Resource.create({"service.name": service_name, "service.version": metadata.version("scene")})
    provider = TracerProvider(resource=about, id_generator=Ids())
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
