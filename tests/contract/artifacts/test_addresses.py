"""What may be named as a store, and that no secret of it is told."""

from datetime import timedelta
from pathlib import Path

import obstore
import pytest

from scene.artifacts.blobs import BlobStore
from scene.artifacts.connect import StoreOptions, cause, connect, place
from scene.errors import SetupError, StorageError
from tests.support.s3 import SECRET, S3Server


@pytest.mark.parametrize("url", ["carrier-pigeon://coop", "memory:///", "http://example.com/x", "s3://", "nonsense"])
def test_an_address_that_is_none_is_a_setup_error(url: str) -> None:
    with pytest.raises(SetupError, match="SCENE_ARTIFACTS_URL"):
        BlobStore(url)


@pytest.mark.parametrize("url", ["s3://bucket/prefix", "gs://bucket", "az://container/prefix"])
def test_an_address_is_not_contacted_by_naming_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    assert BlobStore(url).place == url


def test_a_folder_that_cannot_be_made_is_a_setup_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match=r"SCENE_ARTIFACTS_URL.*a file is where a folder should be"):
        BlobStore((tmp_path / "file" / "artifacts").as_uri())


@pytest.mark.parametrize("url", [f"s3://key:{SECRET}@bucket/prefix", f"s3://bucket/prefix?secret={SECRET}"])
def test_secrets_in_an_address_are_refused_and_not_told(url: str) -> None:
    with pytest.raises(SetupError) as caught:
        BlobStore(url)
    assert SECRET not in caught.value.message
    assert "s3://bucket/prefix" in caught.value.message


def test_secrets_in_an_endpoint_are_refused_and_not_told() -> None:
    with pytest.raises(SetupError, match="SCENE_S3_ENDPOINT") as caught:
        BlobStore("s3://bucket", StoreOptions(s3_endpoint=f"https://key:{SECRET}@s3.example.com"))
    assert SECRET not in caught.value.message


def test_a_place_names_the_endpoint_and_no_secret() -> None:
    options = StoreOptions(s3_endpoint=f"https://key:{SECRET}@s3.example.com?x={SECRET}")
    assert place("s3://bucket/prefix", options) == "s3://bucket/prefix at https://s3.example.com"


def test_what_a_store_answers_is_told_without_what_it_was_asked_with() -> None:
    signed = f"Generic error: GET https://account.blob.example.com/c/file?sig={SECRET}"
    assert cause(OSError(f"{signed}: something odd")) == (
        "Generic error: GET https://account.blob.example.com/c/file something odd"
    )
    forbidden = f"{signed} - Server returned non-2xx status code: 403 Forbidden: <Code>SignatureDoesNotMatch</Code>"
    assert cause(OSError(forbidden)) == "it answered 403 Forbidden (SignatureDoesNotMatch)"


def test_a_bucket_that_is_not_there_says_so(s3: S3Server) -> None:
    store = BlobStore("s3://no-such-bucket", s3.options())
    with pytest.raises(StorageError, match=r"404 Not Found \(NoSuchBucket\)"):
        store.put_bytes(b"picture")
    with pytest.raises(StorageError, match=r"s3://no-such-bucket at http://127.* cannot be written to"):
        store.check()


def test_plain_http_is_spoken_only_where_the_endpoint_says_so(s3: S3Server) -> None:
    bucket = s3.bucket()
    BlobStore(f"s3://{bucket}", s3.options()).check()
    encrypted = s3.options(s3_endpoint=s3.endpoint.replace("http://", "https://"), silence_seconds=2)
    with pytest.raises(StorageError, match="cannot be written to"):
        BlobStore(f"s3://{bucket}", encrypted).check()


@pytest.mark.parametrize(
    ("path_style", "address"),
    [(True, "https://s3.example.com:9000/bucket/file?"), (False, "https://bucket.s3.example.com:9000/file?")],
)
def test_a_bucket_is_part_of_the_path_or_of_the_host(s3: S3Server, path_style: bool, address: str) -> None:
    options = StoreOptions(s3_endpoint="https://s3.example.com:9000/", s3_path_style=path_style)
    signed = obstore.sign(connect("s3://bucket", options), "GET", "file", timedelta(minutes=1))
    assert signed.startswith(address)


def test_the_region_is_a_setting_or_the_environments(s3: S3Server) -> None:
    def region(options: StoreOptions) -> str:
        return obstore.sign(connect("s3://bucket", options), "GET", "file", timedelta(minutes=1))

    assert "us-east-1%2Fs3" in region(StoreOptions())
    assert "eu-west-1%2Fs3" in region(StoreOptions(s3_region="eu-west-1"))
