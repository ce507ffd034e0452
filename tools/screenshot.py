"""Make the README's picture: Scene's own runner captures the page of the demo's run.

.venv/bin/python tools/screenshot.py
"""

import io
import sys
import tempfile
import threading
from pathlib import Path

from PIL import Image

from scene.bootstrap import Scene
from scene.demo.main_job import MainJob
from scene.demo.server import SampleSite
from scene.listening import listen
from scene.server import web_server
from scene.settings import load_settings
from scene.web.render import STATIC, asset
from scene_runner.protocol import CaptureJob, TargetJob

OUT = Path(__file__).resolve().parent.parent / "docs/images/run.png"
COLOURS = 256


def main() -> int:
    font = STATIC / asset("demo-font.woff2").removeprefix("/static/")
    with tempfile.TemporaryDirectory() as folder, SampleSite(font=font) as site:
        settings = load_settings(data_dir=Path(folder, "data"), port=0)
        with listen(settings, traces=False) as listeners, Scene(settings) as scene:
            server = web_server(scene.services, settings, listeners)
            serving = threading.Thread(target=server.run, kwargs={"sockets": listeners.sockets})
            serving.start()
            run = MainJob(scene.services, site, lambda *_: None).run().run
            picture = capture(scene, f"{listeners.url}/runs/{run.id}", Path(folder))
            server.should_exit = True
            serving.join()
    OUT.parent.mkdir(exist_ok=True)
    Image.open(io.BytesIO(picture)).convert("P", palette=Image.Palette.ADAPTIVE, colors=COLOURS).save(
        OUT, optimize=True
    )
    sys.stderr.write(f"{OUT}: {OUT.stat().st_size // 1024} kB\n")
    return 0


def capture(scene: Scene, url: str, folder: Path) -> bytes:
    job = CaptureJob(
        id="readme",
        output_dir=str(folder),
        url=url,
        targets=[TargetJob(key="viewport", kind="viewport")],
        viewport_width=1200,
        viewport_height=860,
    )
    outcome = scene.launcher.run("chromium", job, lambda _: None)
    if outcome.result is None or outcome.result.status != "finished":
        raise SystemExit(outcome.message or (outcome.result and outcome.result.message))
    return (folder / outcome.result.captures[0].file).read_bytes()


if __name__ == "__main__":
    sys.exit(main())
