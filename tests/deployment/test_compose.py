"""The deployment of compose.yaml, up in containers: server, workers, PostgreSQL, and the engine behind its proxy."""

import base64
import json
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.engine import ContainerEngine

# Building the images takes minutes where nobody has done it before.
pytestmark = [pytest.mark.xdist_group("docker"), pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
_SECONDS_TO_START = 60
_SECONDS_TO_RUN = 120


class Deployment:
    """Of a name of its own, so that nothing of another's is touched."""

    def __init__(self, shop: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
            self.port, trace_port = one.getsockname()[1], two.getsockname()[1]
        self.name = f"scene-test-{secrets.token_hex(4)}"
        self._environment = {
            **os.environ,
            "COMPOSE_PROJECT_NAME": self.name,
            "COMPOSE_FILE": "compose.yaml:tests/deployment/compose.yaml",
            "SCENE_DATABASE_PASSWORD": secrets.token_hex(8),
            "SCENE_SECRET_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "SCENE_PORT": str(self.port),
            "SCENE_TRACE_PORT": str(trace_port),
            "SHOP": str(shop),
            "COMPOSE_HTTP_TIMEOUT": "600",  # a busy engine takes its time to stop things
        }

    def compose(self, *words: str, given: str = "") -> str:
        done = subprocess.run(
            ["docker-compose", *words],
            check=False,
            cwd=ROOT,
            env=self._environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-3_000:]
        return done.stdout

    def client(self) -> httpx.Client:
        """Of somebody who may do everything."""
        self.compose("run", "--rm", "-T", "scene", "users", "add", "ann", given="correct horse battery\n")
        token = self.compose("run", "--rm", "-T", "scene", "tokens", "create", "ci", "--scope", "write")
        self.compose("up", "-d", "--scale", "worker=2")
        headers = {"Authorization": f"Bearer {token.strip().splitlines()[-1]}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=30)


@pytest.fixture(scope="module")
def deployment(containers: ContainerEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    if shutil.which("docker-compose") is None:
        if "CI" in os.environ:
            pytest.fail("CI needs docker-compose: install it")
        pytest.skip("no docker-compose on this machine")
    shop = tmp_path_factory.mktemp("shop")
    shop.chmod(0o755)
    (shop / "index.html").write_text("<!doctype html><title>Shop</title><h1>Shop</h1><p>Everything is here.</p>")
    deployment = Deployment(shop)
    deployment.compose("build", "--quiet")
    try:
        deployment.compose("up", "-d", "engine")
        yield deployment
    finally:
        # Who looks up names goes first: an engine can lock itself up when it is asked for one that it is taking away.
        deployment.compose("kill", "scene", "worker")
        deployment.compose("down", "--volumes", "--timeout", "5")


def test_a_run_of_a_deployment(deployment: Deployment, containers: ContainerEngine) -> None:
    """Described over REST, carried out by its workers in containers, seen by the server: and nothing of it is root."""
    with deployment.client() as client:
        _wait_until_it_answers(client, deployment)
        project = _post(client, "/api/projects", name="Shop", slug="shop", base_url="http://shop:8080")
        page = _post(client, f"/api/projects/{project['id']}/pages", name="Home", url="/")
        sizes = [{"width": 300 + number, "height": 200} for number in range(4)]
        task = {"name": "Look", "page_id": page["id"], "viewports": sizes}
        batch = _post(
            client,
            f"/api/projects/{project['id']}/batches",
            name="All",
            tasks=[{"task_id": _post(client, f"/api/projects/{project['id']}/tasks", **task)["id"]}],
        )
        for purpose in ("baseline_recording", "comparison"):
            run = _wait(client, _post(client, "/api/runs", batch_id=batch["id"], purpose=purpose))
            assert run["summary"]["finished"] == len(sizes), (run, deployment.compose("logs", "--tail", "40", "worker"))
        assert run["verdict"] == "unchanged"
        (execution, *_) = client.get(f"/api/runs/{run['id']}/executions").json()["items"]
        (screenshot,) = client.get(f"/api/executions/{execution['id']}/screenshots").json()
        image = screenshot["picture"]["image"]
        picture = client.get(f"/artifacts/{image['id']}/{image['name']}")
        assert picture.content.startswith(b"\x89PNG"), "made by a worker, served by the server"
    users = {
        each["Config"]["User"]
        for service in ("scene", "worker")
        for name in deployment.compose("ps", "-q", service).split()
        for each in [containers.engine.client.inspect_container(name)]
    }
    assert users == {"10002:10002"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1.41/info"),
        ("GET", "/v1.41/secrets"),
        ("POST", "/v1.41/build"),
        ("POST", "/v1.41/images/create?fromImage=evil"),
        ("POST", "/v1.41/containers/abc/exec"),
        ("GET", "/v1.41/containers/abc/archive?path=/"),
        ("POST", "/v1.41/volumes/create"),
        ("DELETE", "/v1.41/images/scene"),
        ("GET", "/v1.41/containers/json/../../info"),
    ],
)
def test_the_engine_is_asked_nothing_else(deployment: Deployment, method: str, path: str) -> None:
    ask = f"import http.client as h; c = h.HTTPConnection('engine', 2375); c.request('{method}', '{path}'); "
    ask += "print(c.getresponse().status)"
    said = deployment.compose("run", "--rm", "-T", "--entrypoint", "python3", "worker", "-c", ask)
    assert said.strip() == "403"


def _post(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    response = client.post(path, json=body)
    assert response.status_code == 201, response.text
    return json.loads(response.text)


def _wait(client: httpx.Client, run: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + _SECONDS_TO_RUN
    while run["status"] in ("queued", "executing"):
        assert time.monotonic() < deadline, run
        time.sleep(0.5)
        run = client.get(f"/api/runs/{run['id']}").json()
    return run


def _wait_until_it_answers(client: httpx.Client, deployment: Deployment) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    said = ""
    while said != "200":
        assert time.monotonic() < deadline, said + deployment.compose("logs", "--tail", "20", "scene")
        try:
            said = str(client.get("/health").status_code)
        except httpx.TransportError as error:
            said = str(error)
        time.sleep(0.5)
