"""Two worker hosts, each with a network and a disk of its own, beside one server."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from scene.queue.migrate import conninfo
from tests.contract.store.clusters import cluster
from tests.crash.conftest import StartServer
from tests.support.describe import Story, batch_of
from tests.support.hosts import Network, network
from tests.support.s3 import s3_server
from tests.support.site import Site
from tests.support.worker import WorkerProcess

PAGES = 8


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Network]:
    with network(2, hidden=tmp_path) as made:
        yield made


def test_hosts_share_a_database_and_an_object_store_alone(
    hosts: Network, start_server: StartServer, tmp_path: Path
) -> None:
    with (
        Site(hosts.address) as site,
        cluster(address=hosts.address) as postgres,
        s3_server(tmp_path, hosts.address) as s3,
        ExitStack() as stack,
    ):
        shared = {
            "database_url": postgres.url,
            "artifacts_url": f"s3://{s3.bucket()}",
            "s3_endpoint": s3.endpoint,
            "secret_key": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        }
        story = Story(start_server("server", worker="false", **shared).client, site.url)
        for host in hosts.hosts:
            worker = WorkerProcess(tmp_path / host.name, within=host.within, **shared)
            stack.callback(worker.stop)
        run = story.wait(story.run(batch_of(story, site, PAGES, 1), "baseline_recording"), 150)
        executions = story.executions(run)
        assert (run["status"], run["summary"]["finished"]) == ("finished", PAGES)
        assert {each["attempt"] for each in executions} == {1}

        by_id = {each["id"]: each["host"] for each in story.get("/api/workers")["items"]}
        assert {by_id[each["worker"]] for each in executions} == {"host-1", "host-2"}
        with psycopg.connect(conninfo(postgres.url)) as connection:
            clients = connection.execute("SELECT DISTINCT host(client_addr) FROM pg_stat_activity").fetchall()
        assert {host.address for host in hosts.hosts} <= {address for (address,) in clients}
        stored = [line for line in s3.log.read_text().splitlines() if '"PUT ' in line]
        assert {line.partition(" ")[0] for line in stored} >= {host.address for host in hosts.hosts}
        for host in hosts.hosts:
            assert not (tmp_path / host.name).exists(), "its disk is not the server's"
        for execution in executions:
            for artifact in story.get(f"/api/executions/{execution['id']}")["artifacts"]:
                answer = story.client.get(artifact["url"])
                assert hashlib.sha256(answer.content).hexdigest() == artifact["sha256"]
