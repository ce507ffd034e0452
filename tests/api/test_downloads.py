"""What a stored file is called stays a name: in its header, in its address, and where a browser puts it."""

from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from scene.bootstrap import Scene
from tests.support.stored import stored

HOSTILE = [
    'a"; filename="evil.html',
    "a\r\nX-Evil: 1",
    "a\nSet-Cookie: evil=1",
    "žluťoučký \u2028 \U0001f600.png",
    "a\\..\\b.png",
    "a;b=c.png",
    "a'*=UTF-8''b",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_one_value_of_one_header(scene: Scene, client: TestClient, name: str) -> None:
    file = stored(scene, name, "text/plain", b"content")
    answer = client.get(file.url)
    assert (answer.status_code, answer.content) == (200, b"content")
    assert "x-evil" not in answer.headers
    assert "set-cookie" not in answer.headers
    told = answer.headers["content-disposition"]
    how, plain, *own = told.split("; ")
    assert (how, plain[:10], plain[-1]) == ("inline", 'filename="', '"')
    assert plain[10:-1].isascii()
    assert not set(plain[10:-1]) & set('"\\/;%\r\n\0')
    if own:
        (extended,) = own
        assert extended.startswith("filename*=UTF-8''")
        assert unquote(extended[17:]) == "".join("_" if c in "\\/" or ord(c) < 32 else c for c in name)


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "/etc/passwd", "..", "a/b.png"])
def test_a_name_that_leads_elsewhere_leads_nowhere(scene: Scene, client: TestClient, name: str) -> None:
    """No file has such a name; if one had, its address would not be another one."""
    file = stored(scene, name, "text/plain", b"content")
    assert file.url.count("/") == 3
    answer = client.get(file.url)
    assert (answer.status_code, b"root:" in answer.content) in [(404, False), (200, False)]
