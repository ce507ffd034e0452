"""The parts that are made from the settings alone, or nearly: each as its settings say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from scene.artifacts.base import ArtifactStore
from scene.artifacts.blobs import BlobStore
from scene.artifacts.connect import StoreOptions
from scene.domain.access import Scope
from scene.outbound.gate import Gate
from scene.outbound.openid import Client, Provider
from scene.outbound.transport import guarded_client
from scene.queue.base import Queue
from scene.queue.local import LocalQueue
from scene.queue.migrate import migrate as migrate_queue
from scene.queue.postgres import PostgresQueue
from scene.services.access import Access, OtherWays
from scene.services.deliveries import DeliveryPolicy
from scene.services.openid import OpenId, Rules
from scene.services.sessions import Sessions
from scene.services.sweep import Sweep
from scene.settings import ServerSettings
from scene.store.base import Store
from scene.vault import Vault

_PROVIDER_SECONDS = 10
"""How long the OpenID Connect provider may take to answer; somebody waits for it."""


def queue_of(settings: ServerSettings) -> Queue:
    """Shared by all who share a PostgreSQL, where it is made ready; otherwise this process's own."""
    if not settings.shares_database:
        return LocalQueue()
    migrate_queue(settings.effective_database_url)
    return PostgresQueue(settings.effective_database_url)


def vault_of(settings: ServerSettings) -> Vault:
    """Raises SetupError when a key of the settings is none."""
    key = settings.secret_key
    return Vault(settings.key_file, key.get_secret_value() if key else None)


def artifacts_of(settings: ServerSettings, clock: Callable[[], datetime]) -> ArtifactStore:
    return BlobStore(
        settings.effective_artifacts_url,
        StoreOptions(
            silence_seconds=settings.artifacts_timeout_seconds,
            s3_endpoint=settings.s3_endpoint,
            s3_region=settings.s3_region,
            s3_path_style=settings.s3_path_style,
        ),
        grace=timedelta(seconds=settings.sweep_grace_seconds),
        scratch=settings.work_dir,
        clock=clock,
    )


def make_sweep(
    settings: ServerSettings, store: Store, artifacts: ArtifactStore, clock: Callable[[], datetime]
) -> Sweep:
    grace = timedelta(seconds=settings.sweep_grace_seconds)
    return Sweep(store, artifacts, work_dir=settings.work_dir, grace=grace, clock=clock)


def delivery_policy_of(settings: ServerSettings) -> DeliveryPolicy:
    return DeliveryPolicy(
        tuple(settings.webhook_retry_seconds),
        settings.webhook_timeout_seconds,
        timedelta(days=settings.webhook_disable_after_days),
    )


def other_ways_of(settings: ServerSettings) -> OtherWays:
    role = None if settings.new_user_role == "none" else Scope(settings.new_user_role)
    return OtherWays(
        proxy=settings.proxy_user_header is not None, oidc=settings.oidc_issuer is not None, new_user_role=role
    )


def openid_of(
    settings: ServerSettings,
    store: Store,
    access: Access,
    sessions: Sessions,
    vault: Vault,
    clock: Callable[[], datetime],
) -> OpenId | None:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    secret = settings.oidc_client_secret
    client = Client(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        tuple(settings.oidc_scopes),
    )
    # Who names an issuer allows its host, wherever that is: a provider is often in the own network.
    gate = Gate([*settings.outbound_allowed_hosts, urlsplit(settings.oidc_issuer).hostname or ""])
    provider = Provider(client, lambda: guarded_client(gate, seconds=_PROVIDER_SECONDS), clock)
    rules = Rules(settings.oidc_name_claim, tuple(settings.oidc_email_domains))
    return OpenId(store, access, sessions, provider, vault, rules, clock)
