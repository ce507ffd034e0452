"""What is kept of a capture beside its pictures, and when."""

from enum import StrEnum

from scene.domain.model import Model


class EvidencePolicy(StrEnum):
    NEVER = "never"
    ON_CHANGE = "on_change"
    """When the execution failed, or a picture of it is anything but unchanged."""
    ALWAYS = "always"


class EvidenceOptions(Model):
    """Secrets are taken out of all of it but videos, which show what the page shows."""

    trace: EvidencePolicy = EvidencePolicy.ON_CHANGE
    """Playwright's trace, with snapshots of the document and without pictures."""
    video: EvidencePolicy = EvidencePolicy.NEVER
    """With ``on_change`` a second capture is recorded, whose pictures count for nothing."""
    har: EvidencePolicy = EvidencePolicy.NEVER
    """Every request with its headers and times, without bodies."""
    console: EvidencePolicy = EvidencePolicy.ON_CHANGE
    network: EvidencePolicy = EvidencePolicy.ON_CHANGE
    """One line for each request: when, what, its status and how long it took."""
