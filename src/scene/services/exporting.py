"""A baseline as a zip with a manifest, made while it is read: nothing is kept in memory but one picture."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

from scene.artifacts.base import ArtifactStore
from scene.domain.baselines import BaselineItem
from scene.domain.importing import MANIFEST, Manifest, ManifestItem, ManifestPicture, PicturePlace
from scene.domain.picture_names import file_name
from scene.errors import NotFound
from scene.store.base import Store
from scene.store.walking import every


class Exporting:
    def __init__(self, store: Store, artifacts: ArtifactStore) -> None:
        self._store = store
        self._artifacts = artifacts

    def export(self, baseline_id: str) -> tuple[str, Iterator[bytes]]:
        """A name for the file, and its bytes. Raises NotFound before the first of them, also when a picture is gone."""
        manifest, digests = self._manifest(baseline_id)
        for digest in digests.values():
            if not self._is_there(digest):
                raise NotFound(
                    f"A picture of this baseline is no longer stored ({digest[:12]}): it cannot be exported."
                )
        made = manifest.baseline
        name = f"baseline-{made.created_at:%Y%m%d-%H%M%S}-{made.id[-8:]}.zip"
        return name, self._zipped(manifest, digests)

    def _manifest(self, baseline_id: str) -> tuple[Manifest, dict[str, str]]:
        """And the digest of each file."""
        baseline = self._store.baselines.get(baseline_id)
        taken: set[str] = {MANIFEST}
        digests: dict[str, str] = {}
        items = []
        for item in every(lambda request: self._store.baselines.items(baseline_id, request)):
            told = _item(item, taken)
            items.append(told)
            digests |= {each.file: each.sha256 for each in (told, *told.alternatives)}
        batch = self._store.batches.get(baseline.batch_id)
        slug = self._store.projects.get(baseline.project_id).slug
        return Manifest(project=slug, batch=batch.name, baseline=baseline, items=items), digests

    def _is_there(self, sha256: str) -> bool:
        try:
            next(iter(self._artifacts.read(sha256, 0, 1)), None)
        except NotFound:
            return False
        return True

    def _zipped(self, manifest: Manifest, digests: dict[str, str]) -> Iterator[bytes]:
        written = _Written()
        at = manifest.baseline.created_at
        with zipfile.ZipFile(written, "w") as archive:
            # Compressed already: pictures are stored as they are.
            archive.writestr(_info(MANIFEST, at, zipfile.ZIP_DEFLATED), manifest.model_dump_json(indent=1))
            yield written.taken()
            for file, digest in digests.items():
                with archive.open(_info(file, at, zipfile.ZIP_STORED), "w") as entry:
                    for chunk in self._artifacts.read(digest):
                        entry.write(chunk)
                        yield written.taken()
        yield written.taken()


def _item(item: BaselineItem, taken: set[str]) -> ManifestItem:
    place = PicturePlace(
        task_id=item.task_id,
        task_name=item.task_name,
        browser=item.browser,
        viewport_key=item.viewport_key,
        target=item.target,
    )
    return ManifestItem(
        file=file_name(place, taken),
        sha256=item.picture.sha256,
        width=item.picture.width,
        height=item.picture.height,
        task=item.task_name,
        task_id=item.task_id,
        browser=item.browser,
        viewport=item.viewport_key,
        target=item.target,
        renderer=item.renderer,
        masks=item.masks,
        alternatives=[
            ManifestPicture(
                file=file_name(place, taken), sha256=other.picture.sha256, renderer=other.renderer, masks=other.masks
            )
            for other in item.alternatives
        ],
    )


def _info(name: str, at: datetime, compression: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at.timetuple()[:6])
    info.compress_type = compression
    info.external_attr = 0o644 << 16
    return info


class _Written(io.RawIOBase):
    """What a zip has written and nobody has taken yet; it cannot be sought in, so the zip needs nothing back."""

    def __init__(self) -> None:
        super().__init__()
        self._chunks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        chunk = bytes(data)  # type: ignore[call-overload]
        self._chunks.append(chunk)
        return len(chunk)

    def taken(self) -> bytes:
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)
