"""A person imports reference pictures in the dialog."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints
from tests.support.describe import Story
from tests.support.drawings import drawn


def archive(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as written:
        for name in names:
            written.writestr(name, drawn("teal"))
    return path


@pytest.mark.live
def test_a_zip_is_checked_and_imported(page: Page, story: Story, tmp_path: Path, complaints: Complaints) -> None:
    batch = story.batch(story.task(name="Home"), name="Smoke")
    page.goto(f"/projects/{story.project['id']}/baselines")
    page.get_by_role("button", name="Import pictures").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Zip").set_input_files(archive(tmp_path / "bad.zip", "Home.png", "Nowhere.png"))
    dialog.get_by_label("Batch *").select_option("Smoke")
    dialog.get_by_role("button", name="Import").click()
    expect(dialog).to_contain_text("Nothing was imported:")
    expect(dialog).to_contain_text("Nowhere.png: name says nothing that the batch asks for")
    dialog.get_by_label("Zip").set_input_files(archive(tmp_path / "good.zip", "Home.png"))
    dialog.get_by_role("button", name="Check").click()
    expect(dialog).to_contain_text("1 picture would be imported, 0 more would stay")
    dialog.get_by_role("button", name="Import").click()
    expect(page.get_by_text("A new baseline of the line main: 1 picture imported.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Smoke")).to_be_visible()
    [baseline] = story.get("/api/baselines", batch=batch["id"])["items"]
    assert baseline["kind"] == "import"
    page.goto(f"/baselines/{baseline['id']}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    with zipfile.ZipFile(download.value.path()) as exported:
        assert "manifest.json" in exported.namelist()
    page.goto(f"/batches/{batch['id']}/baselines")
    page.get_by_role("button", name="Import pictures").click()
    expect(page.get_by_role("dialog").get_by_label("Batch *")).to_have_value(batch["id"])
    assert [each for each in complaints.console if "422" not in each] == []
