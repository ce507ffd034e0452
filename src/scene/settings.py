"""What an operator sets before Scene starts: ``SCENE_...`` in the environment, read here and nowhere else."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from scene import __version__
from scene.domain.setting_values import EmailDomains, HeaderName, HostsOrNetworks, IssuerUrl, Networks, OidcScopes
from scene.domain.viewport import Browser
from scene.domain.wording import wording
from scene.domain.workers import WorkerLabel
from scene.errors import FieldError, SetupError

Settings = TypeVar("Settings", bound=BaseSettings)


class ServerSettings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="SCENE_", extra="ignore", frozen=True, use_attribute_docstrings=True, populate_by_name=True
    )

    data_dir: Path = Path(".scene")
    """Folder of the embedded database, the artifacts and the temporary files."""
    database_url: str | None = None
    """Database, such as `postgresql://user:password@host/scene`; by default SQLite in the data folder. Several servers
    may share one PostgreSQL, each with a data folder of its own, one artifact store, and clocks that agree."""
    artifacts_url: str | None = None
    """Artifact store: `file:///folder`, `s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`; by
    default a folder in the data folder. Servers that share a database share this too, and nobody else does: the sweep
    removes what their database does not know. Credentials come from the store's own variables, such as
    `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`."""
    artifacts_timeout_seconds: float = Field(default=30, ge=1, le=600)
    """How long the artifact store may be silent before an operation fails."""
    artifacts_redirect: bool = False
    """Programs that download a stored file are sent to the object store, by an address that is signed for a few
    minutes; browsers are always served by Scene itself, and so is everybody where the store is a folder."""
    s3_endpoint: str | None = Field(
        default=None,
        validation_alias=AliasChoices("SCENE_S3_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
    )
    """Address of an S3 server that is not Amazon's; plain HTTP is spoken only when it begins with `http://`.
    `AWS_ENDPOINT_URL_S3` and `AWS_ENDPOINT_URL` are understood too."""
    s3_region: str | None = None
    """Region of the bucket; by default that of `AWS_REGION`."""
    s3_path_style: bool = True
    """The bucket is part of the path; when false, of the host name."""
    sweep_interval_seconds: float = Field(default=3_600, ge=0)
    """How often stored files that nothing refers to are removed; 0 never."""
    sweep_grace_seconds: float = Field(default=86_400, ge=3_600)
    """How long a stored file stays when nothing refers to it; longer than the longest run."""
    retention_interval_seconds: float = Field(default=3_600, ge=0)
    """How often runs and baselines that exceed the retention of their project go; 0 never."""
    import_max_mb: int = Field(default=1_024, ge=1, le=100_000)
    """Megabytes of a zip of reference pictures that is imported as a baseline, and of what is in it."""
    secret_key: SecretStr | None = None
    """Key that encrypts auth profiles and the secrets of webhooks in the database: 32 random bytes in base64, as
    `openssl rand -base64 32` makes them. By default one is made in the data folder, as `secret.key`. Servers that share
    a database share the key. To change it, put the new one first and the old one after a comma: the first encrypts, all
    of them decrypt."""
    outbound_allowed_hosts: HostsOrNetworks = []
    """What the server may send webhooks to although its address is not public, as a JSON list: host names,
    `*.example.org` with everything below it, addresses, or networks such as `10.0.0.0/8`."""
    webhook_retry_seconds: list[Annotated[int, Field(ge=1, le=604_800)]] = Field(
        default=[15, 60, 300, 1_200, 3_600, 10_800, 21_600, 43_200], max_length=50
    )
    """How long a delivery that failed waits for its next try, as a JSON list: one entry for each try after the first.
    Each wait is up to a fifth longer, and as long as the endpoint asks for with `Retry-After`."""
    webhook_timeout_seconds: float = Field(default=15, ge=0.1, le=120)
    """How long a webhook's endpoint may take to answer, from resolving its name on."""
    webhook_disable_after_days: float = Field(default=5, gt=0, le=365)
    """A webhook with which everything has failed for so long is switched off, and says so."""
    webhook_retention_days: float = Field(default=30, gt=0, le=3_650)
    """How long deliveries are kept."""
    host: str = "127.0.0.1"
    """Address to listen on. Without credentials configured only loopback addresses are accepted."""
    port: int = Field(default=8000, ge=0, le=65_535)
    """Port to listen on; 0 takes a free one."""
    public_url: str | None = None
    """Address under which people reach Scene, for links in webhooks; by default the listening address."""
    trace_port: int | None = Field(default=None, ge=0, le=65_535)
    """Port of the trace viewer, which is an origin of its own because traces hold what captured pages say; 0 takes a
    free one. By default the port after `SCENE_PORT`, and a free one where that is 0."""
    trace_url: str | None = None
    """Address under which browsers reach the trace viewer, such as `https://traces.example.org`: where a proxy adds
    HTTPS, which the viewer needs everywhere but on localhost. By default the host that Scene was asked under, with
    `SCENE_TRACE_PORT`."""
    allowed_hosts: list[str] = Field(default=["localhost", "127.0.0.1", "[::1]"])
    """Host headers that are answered, as a JSON list."""
    request_head_seconds: float = Field(default=15, ge=0.1, le=600)
    """How long a client may take to send the head of a request, from its first byte or the connection on."""
    request_body_seconds: float = Field(default=60, ge=0.1, le=3_600)
    """How long a client may take to send the body of a request."""
    session_hours: float = Field(default=168, gt=0, le=24 * 366)
    """How long a person stays signed in."""
    trusted_proxies: Networks = Field(default=["127.0.0.1", "::1"])
    """Addresses or networks of reverse proxies, as a JSON list: of them `X-Forwarded-For` and `X-Forwarded-Proto` are
    believed, and the header below."""
    proxy_user_header: HeaderName | None = None
    """Header in which a trusted proxy that signs people in says who it is, such as `X-Remote-User`.
    `SCENE_TRUSTED_PROXIES` must be set too, and the proxy must take the header away from what others send."""
    new_user_role: Literal["read", "write", "none"] = "write"
    """What people may do who come in for the first time by the proxy or by OpenID Connect; with `none` only those come
    in whom `scene users add` knows."""
    oidc_issuer: IssuerUrl | None = None
    """Issuer of an OpenID Connect provider by which people sign in, such as `https://login.example.org/realms/main`,
    written as its discovery document says it. The provider must know Scene's address with `/sign-in/oidc/callback`."""
    oidc_client_id: str | None = None
    """What Scene is called at the provider."""
    oidc_client_secret: SecretStr | None = None
    """Scene's secret at the provider; a public client has none."""
    oidc_provider_name: str | None = Field(default=None, min_length=1, max_length=60)
    """What people know the provider as, for the button on the sign-in page; by default its host."""
    oidc_scopes: OidcScopes = ["openid", "profile", "email"]
    """What Scene asks the provider for, as a JSON list; `openid` is always in it."""
    oidc_name_claim: str = Field(default="email", pattern=r"^[A-Za-z0-9_.:/-]{1,100}$")
    """Claim by which people are called here, such as `email`, which must be verified, or `preferred_username`. It
    counts when somebody comes in for the first time; after that the provider's own `sub` says who it is."""
    oidc_email_domains: EmailDomains = []
    """Domains of verified e-mail addresses that may come in, as a JSON list; without any, everybody whom the provider
    knows. Set it for a provider that knows people of others."""
    slots: int = Field(default_factory=lambda: max(1, min(8, os.cpu_count() or 1)), ge=1, le=256)
    """Executions that this process carries out at once."""
    worker: bool = True
    """Whether `scene serve` carries out executions itself; without, `scene worker` processes do."""
    worker_name: str | None = Field(default=None, pattern=r"^[^\x00-\x1f]{1,100}$")
    """What this worker is called in the registry; by default its host and process."""
    worker_browsers: list[Browser] = []
    """Browsers that this worker takes executions for, as a JSON list such as `["chromium"]`; by default all that it
    can launch, and those that no worker can, whose executions then fail and say so."""
    worker_labels: list[WorkerLabel] = Field(default=[], max_length=20)
    """What this worker is, as a JSON list such as `["gpu"]`: only such a worker takes runs with the label
    `worker=gpu`."""
    drain_seconds: float | None = Field(default=None, ge=0, le=86_400)
    """How long a process that is told to end waits for the executions in its hands; what is not done by then is handed
    back. By default 60 for `scene worker` and 5 for `scene serve`."""
    metrics_host: str = "127.0.0.1"
    """Address on which `scene worker` tells Prometheus its numbers."""
    metrics_port: int | None = Field(default=None, ge=0, le=65_535)
    """Port on which `scene worker` tells Prometheus its numbers, at `/metrics`; 0 takes a free one, unset none."""
    imaging_workers: int = Field(default_factory=lambda: max(1, min(8, os.cpu_count() or 1)), ge=1, le=64)
    """Processes that compare pictures."""
    runner_memory_mb: int = Field(default=2_048, ge=128)
    """Memory of one runner and its browser; above it the attempt fails with the reason out_of_memory."""
    launcher: Literal["auto", "process", "docker"] = "auto"
    """Where executions run: `docker`, each in a container of its own, or `process`, in processes of this machine.
    `auto` is docker where a container engine answers and has the image, else process. `DOCKER_HOST`,
    `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` say where the engine is."""
    runner_image: str = Field(default=f"scene-runner:{__version__}", pattern=r"^[a-zA-Z0-9][\w.:/@-]*$")
    """Image of the containers, as `scene runner build` makes it."""
    runner_image_missing: Literal["build", "pull", "refuse"] = "refuse"
    """What the launcher `docker` does at its start when the engine has no image of this version: build it, which takes
    minutes, pull it from the registry that its name says, or refuse to start."""
    runner_base_image: str = "debian:bookworm-slim"
    """Debian that the image is built on."""
    runner_network: str = Field(default="none", pattern=r"^[a-zA-Z0-9][\w.-]*$")
    """`none`: containers have no network, and everything that pages request goes through Scene's proxy, which keeps
    each project's lists of hosts. Or the name of a network of the engine, without that proxy."""
    runner_seccomp: Literal["scene", "engine"] = "scene"
    """System calls of containers: `scene`, a profile under which Chromium's own sandbox works, or `engine`, the
    engine's own, without that sandbox."""
    runner_pids: int = Field(default=512, ge=64)
    """Processes and threads of one container."""
    runner_cpus: float = Field(default=0, ge=0)
    """Cores that one container may use; 0 is all there are."""
    runner_tmp_mb: int = Field(default=512, ge=64)
    """Temporary files of one container; they count as its memory."""
    runner_lifetime_seconds: int = Field(default=7_200, ge=60)
    """After which a container ends, whatever happens: longer than the longest execution."""
    runner_reuse: bool = False
    """A container serves other executions of the same run, which are then not kept from each other; quicker."""
    warm_runners: int | None = Field(default=None, ge=0, le=256)
    """Containers that wait with their browser up, each for one execution; by default as many as there are slots."""
    warm_runners_memory_mb: int = Field(default=4_096, ge=0)
    """Memory that waiting containers may use together."""
    warm_runners_idle_seconds: float = Field(default=300, ge=1)
    """Without an execution for so long, no container waits any more."""
    egress_proxy: bool = True
    """Runner processes, too, reach pages through Scene's proxy, as containers always do; when false, only those of
    projects with lists of hosts."""
    loopback_pages: bool | None = None
    """Whether pages on Scene's own machine may be captured, such as a development server; by default only while Scene
    itself listens on loopback. Link-local addresses, and those where clouds keep credentials, never are."""
    lease_seconds: float = Field(default=15, ge=1, le=600)
    """How long a worker may be silent before its attempts are taken over."""
    chromium: Path | None = None
    """Chromium's binary; by default it is looked for."""
    firefox: Path | None = None
    """Firefox's binary; by default it is looked for."""
    webkit: Path | None = None
    """WebKit's binary (Playwright's build); by default it is looked for."""
    otlp_endpoint: str | None = Field(
        default=None, validation_alias=AliasChoices("SCENE_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    )
    """OpenTelemetry collector that spans are sent to by OTLP over HTTP, such as `http://127.0.0.1:4318`; needs Scene's
    extra `otel`. `OTEL_EXPORTER_OTLP_ENDPOINT` is understood too, and so are the exporter's other variables."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """How much is logged to standard error."""
    log_format: Literal["json", "console"] = "console"
    """Log lines for machines or for people."""

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("trace_url")
    @classmethod
    def _origin(cls, url: str | None, known: ValidationInfo) -> str | None:
        if url is None:
            return None
        origin = url.rstrip("/").lower()
        if not re.fullmatch(r"https?://[^\s/?#@]+", origin):
            raise ValueError(f"{url!r} is not an address such as https://traces.example.org, without a path")
        if origin == (known.data.get("public_url") or "").rstrip("/").lower():
            raise ValueError("traces need an address of their own, other than SCENE_PUBLIC_URL")
        return origin

    @model_validator(mode="after")
    def _oidc_whole(self) -> "ServerSettings":
        if (self.oidc_issuer is None) != (self.oidc_client_id is None):
            raise ValueError("SCENE_OIDC_ISSUER and SCENE_OIDC_CLIENT_ID need each other")
        return self

    @model_validator(mode="after")
    def _trusted_explicitly(self) -> "ServerSettings":
        if self.proxy_user_header is not None and "trusted_proxies" not in self.model_fields_set:
            raise ValueError("SCENE_PROXY_USER_HEADER needs SCENE_TRUSTED_PROXIES: whose header is believed")
        return self

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_url or "").hostname or ""

    @property
    def effective_trace_port(self) -> int:
        if self.trace_port is not None:
            return self.trace_port
        return self.port + 1 if 0 < self.port < 65_535 else 0

    @property
    def effective_database_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'scene.db'}"

    @property
    def shares_database(self) -> bool:
        """Whether other processes, here and elsewhere, can use the same database: it is a PostgreSQL."""
        return self.effective_database_url.startswith("postgresql")

    @property
    def effective_artifacts_url(self) -> str:
        return self.artifacts_url or (self.data_dir / "artifacts").as_uri()

    @property
    def effective_public_url(self) -> str:
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def provider_name(self) -> str | None:
        """Of the OpenID Connect provider, for people; None without one."""
        if self.oidc_issuer is None:
            return None
        return self.oidc_provider_name or urlsplit(self.oidc_issuer).hostname

    @property
    def key_file(self) -> Path:
        """The key that is used where no other is set."""
        return self.data_dir / "secret.key"

    @property
    def work_dir(self) -> Path:
        """Files of attempts in flight."""
        return self.data_dir / "work"

    @property
    def effective_warm_runners(self) -> int:
        return self.slots if self.warm_runners is None else self.warm_runners

    @property
    def browser_paths(self) -> dict[str, str]:
        """Browsers whose binary is set explicitly."""
        named = {"chromium": self.chromium, "firefox": self.firefox, "webkit": self.webkit}
        return {name: str(path) for name, path in named.items() if path is not None}


class ClientSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SCENE_", extra="ignore", frozen=True, use_attribute_docstrings=True)

    server_url: str = "http://127.0.0.1:8000"
    """Address of the Scene that commands such as `scene run` talk to."""
    token: SecretStr | None = None
    """What these commands show the server, where it wants to know who is calling: made by `scene tokens create` or on
    the account page."""

    @field_validator("server_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", url):
            raise ValueError(f"{url!r} is not an address such as https://scene.example.org")
        return url.rstrip("/")

    @field_validator("token")
    @classmethod
    def _header_value(cls, token: SecretStr | None) -> SecretStr | None:
        secret = token.get_secret_value().strip() if token else ""
        if not re.fullmatch(r"[!-~]*", secret):
            raise ValueError("is not a token that Scene gave")
        return SecretStr(secret) if secret else None


def load_settings(**overrides: object) -> ServerSettings:
    """Read the environment. Raises SetupError naming each wrong variable."""
    return _load(ServerSettings, overrides)


def load_client_settings(**overrides: object) -> ClientSettings:
    """Read the environment. Raises SetupError naming each wrong variable."""
    return _load(ClientSettings, overrides)


def _load(kind: type[Settings], overrides: dict[str, object]) -> Settings:
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return kind(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        fields = tuple(
            FieldError(
                f"SCENE_{'_'.join(str(part) for part in problem['loc']).upper()}" if problem["loc"] else "settings",
                wording(problem),
            )
            for problem in error.errors()
        )
        sentence = "; ".join(f"{field.field}: {field.message}" for field in fields)
        raise SetupError(f"The settings are not usable. {sentence}.", fields=fields) from None
