"""``scene demo``."""

import json

from tests.cli.conftest import Call


def test_the_demo_keeps_to_itself_whatever_database_is_set(call: Call) -> None:
    done = call("demo", "--once", "--json", SCENE_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["as_expected"] is True
