"""Reference pictures become a baseline, and a baseline a zip that becomes the same baseline again."""

import io
import json
import zipfile
from typing import Any

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from tests.conftest import MakeScene
from tests.support.describe import Story
from tests.support.drawings import drawn

SIZES = [{"name": "desktop", "width": 640, "height": 480}, {"name": "phone", "width": 320, "height": 480}]


def zipped(files: dict[str, bytes | str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture
def batch(story: Story) -> dict[str, Any]:
    """Home at two viewports, and About at one."""
    tasks = [story.task(name="Home", viewports=SIZES), story.task(name="About")]
    return story.batch(*tasks)


def send(story: Story, batch: dict[str, Any], data: bytes, key: str | None = None, **query: Any) -> Any:
    headers = {"Content-Type": "application/zip", **({"Idempotency-Key": key} if key else {})}
    return story.client.post(
        f"/api/batches/{batch['id']}/baselines/import", content=data, headers=headers, params=query
    )


def wrong(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(error["field"], error["message"]) for error in answer.json()["errors"]]


def items(story: Story, baseline_id: str) -> dict[tuple[str, str], str]:
    found = story.get(f"/api/baselines/{baseline_id}/items", limit=100)["items"]
    return {(item["task_name"], item["viewport_key"]): item["picture"]["sha256"] for item in found}


NAMED: dict[str, bytes | str] = {
    "Home_desktop.png": drawn("teal"),
    "home phone.png": drawn("gold", (320, 480)),
    "sub/About.png": drawn("navy"),
    ".DS_Store": b"x",
    "__MACOSX/._About.png": b"x",
}


def test_files_are_known_by_their_names(story: Story, batch: dict[str, Any]) -> None:
    answer = send(story, batch, zipped(NAMED), notes="From the old tool")
    assert answer.status_code == 201, answer.text
    baseline = answer.json()["baseline"]
    assert (baseline["kind"], baseline["notes"], baseline["run_id"]) == ("import", "From the old tool", None)
    assert (baseline["items_succeeded"], baseline["items_missing"]) == (3, 0)
    assert set(items(story, baseline["id"])) == {("Home", "640x480@1"), ("Home", "320x480@1"), ("About", "640x480@1")}
    [entry] = [
        each for each in story.get(f"/api/baselines/{baseline['id']}/items")["items"] if each["task_name"] == "About"
    ]
    assert entry["origin"]["comment"] == "Imported from sub/About.png"
    assert entry["renderer"]["engine"] == "imported"
    assert story.client.get(entry["picture"]["thumbnail"]["url"]).status_code == 200


def test_a_run_compares_with_what_was_imported(story: Story, batch: dict[str, Any]) -> None:
    baseline = send(story, batch, zipped(NAMED)).json()["baseline"]
    run = story.run(batch)
    assert (run["baseline_id"], run["baseline_reason"]) == (baseline["id"], "latest_of_line")


@pytest.mark.parametrize("name", ["mapping.csv", "mapping.json"])
def test_a_mapping_says_what_files_are_of(story: Story, batch: dict[str, Any], name: str) -> None:
    rows = [{"file": "1.png", "task": "Home", "viewport": "phone"}, {"file": "2.png", "task": "About"}]
    csv = "file,task,viewport\n1.png,Home,phone\n2.png,About,\n"
    mapping = json.dumps(rows) if name.endswith("json") else csv
    answer = send(story, batch, zipped({name: mapping, "1.png": drawn("teal"), "2.png": drawn("navy")}))
    assert answer.status_code == 201, answer.text
    assert set(items(story, answer.json()["baseline"]["id"])) == {("Home", "320x480@1"), ("About", "640x480@1")}
    assert answer.json()["missing"] == 1


def test_other_pictures_of_the_line_stay_unless_only_these_are_wanted(story: Story, batch: dict[str, Any]) -> None:
    send(story, batch, zipped(NAMED))
    other = zipped({"About.png": drawn("red")})
    kept = send(story, batch, other).json()
    assert (kept["kept"], kept["baseline"]["changes"]) == (2, {"replaced": 1, "added": 0, "removed": 0, "kept": 2})
    alone = send(story, batch, other, only_these=True).json()
    assert (alone["kept"], alone["missing"], alone["baseline"]["items_succeeded"]) == (0, 2, 1)


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_made(story: Story, batch: dict[str, Any]) -> None:
    files: dict[str, bytes | str] = {
        "Home_desktop.png": drawn("teal"),
        "home-DESKTOP.png": drawn("red"),
        "Nowhere.png": drawn("red"),
        "notes.txt": "x",
        "About.png": drawn("navy")[:-40],
        "Home_phone.png": b"GIF89a",
    }
    found = dict(wrong(send(story, batch, zipped(files))))
    assert found["home-DESKTOP.png: target"].endswith("so is Home_desktop.png")
    assert found["Nowhere.png: name"].startswith("says nothing that the batch asks for")
    assert found["notes.txt: name"] == "is not that of a PNG picture"
    assert "damaged PNG" in found["About.png"]
    assert found["Home_phone.png"] == "is not a PNG picture"
    assert story.get("/api/baselines", batch=batch["id"])["items"] == []


def test_what_nothing_asks_for_can_be_left_out(story: Story, batch: dict[str, Any]) -> None:
    answer = send(story, batch, zipped({"About.png": drawn("navy"), "Nowhere.png": drawn("red")}), skip_unknown=True)
    assert answer.status_code == 201
    assert [each.partition(":")[0] for each in answer.json()["left_out"]] == ["Nowhere.png"]


def test_a_dry_run_tells_everything_and_makes_nothing(story: Story, batch: dict[str, Any]) -> None:
    answer = send(story, batch, zipped({"About.png": drawn("navy")}), dry_run=True)
    told = answer.json()
    assert (answer.status_code, told["baseline"], told["kept"], told["missing"]) == (200, None, 0, 2)
    assert [(each["file"], each["task_name"]) for each in told["pictures"]] == [("About.png", "About")]
    assert story.get("/api/baselines", batch=batch["id"])["items"] == []


def test_the_same_request_makes_one_baseline(story: Story, batch: dict[str, Any]) -> None:
    data = zipped({"About.png": drawn("navy")})
    first, again = (send(story, batch, data, key="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["baseline"] == again.json()["baseline"]
    other = send(story, batch, zipped({"About.png": drawn("red")}), key="k1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize(
    ("files", "field", "said"),
    [
        ({"../About.png": drawn("red")}, "../About.png: name", "leads out of the zip"),
        ({"/About.png": drawn("red")}, "/About.png: name", "leads out of the zip"),
        ({"a\\About.png": drawn("red")}, "a\\About.png: name", "leads out of the zip"),
        ({"mapping.json": "{", "About.png": drawn("red")}, "mapping.json", "is not JSON: "),
        ({"mapping.json": '[{"file": "x"}]'}, "mapping.json[0]: task", "is needed"),
        ({"mapping.csv": "file,colour\nx,red\n"}, "mapping.csv", "needs a first line with the columns file and task"),
        ({"mapping.csv": "file,task\nx.png,Nowhere\n"}, "x.png: file", "is not in the zip"),
        ({"manifest.json": "{}"}, "manifest.json: project", "is needed"),
        ({}, "body", "has no picture that the batch asks for"),
    ],
)
def test_what_cannot_be_used_is_told_by_file_and_field(
    story: Story, batch: dict[str, Any], files: dict[str, bytes | str], field: str, said: str
) -> None:
    [(found, message), *_] = wrong(send(story, batch, zipped(files)))
    assert (found, message.startswith(said)) == (field, True), message


def test_what_is_no_zip_is_refused(story: Story, batch: dict[str, Any]) -> None:
    assert wrong(send(story, batch, b"no zip at all"))[0][0] == "body"
    path = f"/api/batches/{batch['id']}/baselines/import"
    assert story.client.post(path, content=b"x", headers={"Content-Type": "image/png"}).status_code == 415
    assert send(story, {"id": "none"}, zipped(NAMED)).status_code == 404


def test_a_zip_that_is_too_large_is_refused_before_it_is_read(make_scene: MakeScene) -> None:
    scene = make_scene(import_max_mb=1)
    from scene.server import create_app  # noqa: PLC0415

    with TestClient(create_app(scene.services, scene.settings), base_url="http://127.0.0.1:8000") as client:
        story = Story(client, "http://127.0.0.1:1")
        batch = story.batch(story.task(name="About"))
        answer = send(story, batch, b"x" * 1_000_001)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("About.png", b"0" * 2_000_000)
        assert "once it is unpacked" in wrong(send(story, batch, bomb.getvalue()))[0][1]
        chunks = (b"x" * 100_000 for _ in range(20))
        path, headers = f"/api/batches/{batch['id']}/baselines/import", {"Content-Type": "application/zip"}
        assert client.post(path, content=chunks, headers=headers).status_code == 413


def exported(client: TestClient, baseline_id: str) -> bytes:
    answer = client.get(f"/api/baselines/{baseline_id}/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/zip"
    return answer.content


def test_an_export_is_imported_again_with_equal_digests(story: Story, batch: dict[str, Any]) -> None:
    first = send(story, batch, zipped(NAMED)).json()["baseline"]["id"]
    data = exported(story.client, first)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert "Home/chromium/640x480@1/full.png" in archive.namelist()
        assert archive.testzip() is None
    assert (manifest["format"], manifest["baseline"]["id"], len(manifest["items"])) == ("scene-baseline", first, 3)
    for other in (batch, story.batch(story.task(name="Home 2"))):
        again = send(story, other, data, line="copy", only_these=True, skip_unknown=True)
        if other is batch:
            copy = again.json()["baseline"]
            assert (copy["line"], items(story, copy["id"])) == ("copy", items(story, first))
        else:
            assert wrong(again)[0] == ("body", "has no picture that the batch asks for")


def test_another_project_with_tasks_of_the_same_names_takes_it_too(
    client: TestClient, story: Story, batch: dict[str, Any]
) -> None:
    first = send(story, batch, zipped(NAMED)).json()["baseline"]["id"]
    elsewhere = Story(client, "http://127.0.0.1:1")
    other = elsewhere.batch(elsewhere.task(name="Home", viewports=SIZES), elsewhere.task(name="About"))
    copy = send(elsewhere, other, exported(client, first)).json()["baseline"]
    assert items(elsewhere, copy["id"]) == items(story, first)


def test_a_picture_that_was_exchanged_since_is_told(story: Story, batch: dict[str, Any]) -> None:
    first = send(story, batch, zipped(NAMED)).json()["baseline"]["id"]
    with zipfile.ZipFile(io.BytesIO(exported(story.client, first))) as archive:
        files: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    changed = next(name for name in files if name.startswith("About"))
    found = wrong(send(story, batch, zipped(files | {changed: drawn("red")})))
    assert found == [(f"{changed}: sha256", "is not that of the picture that the manifest names")]


def test_alternatives_and_renderers_survive(scene: Scene, story: Story, batch: dict[str, Any]) -> None:
    first = send(story, batch, zipped(NAMED)).json()["baseline"]["id"]
    with zipfile.ZipFile(io.BytesIO(exported(story.client, first))) as archive:
        files: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    item = next(each for each in manifest["items"] if each["task"] == "About")
    item["renderer"] |= {"engine": "shell", "version": "1"}
    home = next(each for each in manifest["items"] if each["task"] == "Home")
    item["alternatives"] = [{name: home[name] for name in ("file", "sha256", "renderer", "masks")}]
    again = send(story, batch, zipped(files | {"manifest.json": json.dumps(manifest)})).json()["baseline"]["id"]
    [found] = [each for each in story.get(f"/api/baselines/{again}/items")["items"] if each["task_name"] == "About"]
    assert found["renderer"]["engine"] == "shell"
    assert [each["picture"]["sha256"] for each in found["alternatives"]] == [home["sha256"]]
    with zipfile.ZipFile(io.BytesIO(exported(story.client, again))) as archive:
        assert "About/chromium/640x480@1/full~2.png" in archive.namelist()


def test_a_baseline_whose_picture_is_gone_is_not_exported_in_part(
    scene: Scene, story: Story, batch: dict[str, Any]
) -> None:
    first = send(story, batch, zipped(NAMED)).json()["baseline"]["id"]
    digest = items(story, first)["About", "640x480@1"]
    (scene.settings.data_dir / "artifacts" / digest[:2] / digest).unlink()
    answer = story.client.get(f"/api/baselines/{first}/export")
    assert (answer.status_code, digest[:12] in answer.json()["detail"]) == (404, True)


def test_making_it_is_in_the_audit_log(scene: Scene, story: Story, batch: dict[str, Any]) -> None:
    from scene.store.values import SliceRequest  # noqa: PLC0415

    baseline = send(story, batch, zipped(NAMED)).json()["baseline"]["id"]
    entry = scene.store.records.audit(SliceRequest()).items[0]
    assert (entry.action, entry.targets[0], entry.data["kind"]) == (
        "baseline.created",
        f"baseline:{baseline}",
        "import",
    )
