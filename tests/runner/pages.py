"""Pages that behave and pages that do not, on loopback. Both 127.0.0.1 and localhost reach them: two origins."""

import json
import threading
import time
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from typing import cast
from urllib.parse import parse_qs, quote, urlsplit

from PIL import Image, ImageFont

from tests.runner.rude_pages import RUDE
from tests.support.loopback import Loopback, SiteServer

SESSION_COOKIE = "cookie-of-the-session"
SESSION_TOKEN = "token-of-the-session"
TALL = "<div style='height:5000px'></div>"

HTML = {
    "/normal": "<h1>Hello</h1><p id=words>Some words.</p><div id=hidden style='display:none'>x</div>",
    "/long": "<div style='height:8000px;background:linear-gradient(red,blue)'></div><p id=end>The end</p>",
    "/lazy": f"{TALL}<img loading=lazy src=/red.png width=100 height=100>{TALL}",
    "/lazy-observer": f"{TALL}<img width=100 height=100>{TALL}<script>const image = document.querySelector('img');"
    "new IntersectionObserver(([seen]) => { if (seen.isIntersecting) image.src = '/red.png'; }).observe(image)"
    "</script>",
    "/lazy-scroll": f"{TALL}<img width=100 height=100>{TALL}<script>const image = document.querySelector('img');"
    "addEventListener('scroll', () => { if (scrollY + innerHeight > image.offsetTop) image.src = '/red.png'; })"
    "</script>",
    "/lazy-inner": "<style>html,body{margin:0;height:100%;overflow:hidden}</style>"
    "<div style='height:100%;overflow:auto'><img id=top width=100 height=100>"
    f"{TALL}<p id=sentinel>x</p></div><script>new IntersectionObserver(([seen]) => "
    "{ if (seen.isIntersecting) document.querySelector('#top').src = '/red.png'; }).observe(sentinel)</script>",
    "/appended": "<style>body{margin:0}div{height:900px}</style><main><div></div></main><p id=more>More</p><script>"
    "let asked = 0; new IntersectionObserver(async ([last]) => { if (!last.isIntersecting || asked >= 2) return;"
    " const colour = ['red', 'blue'][asked++];"
    " await fetch(`/slow-data?ms=${colour === 'red' ? 400 : 0}`); const box = document.createElement('div');"
    " box.style.background = colour; document.querySelector('main').append(box) }).observe(more)</script>",
    "/form": "<style>body{margin:0}button{width:100px;height:40px}"
    "#log{height:60px;overflow:hidden}</style><div id=log></div><button id=a>One</button>"
    "<button class=b>Two</button><button class=b>Three</button><button id=off disabled>Off</button><input id=text>"
    "<input type=checkbox id=box><select id=choice><option value=x>First</option><option>Second</option></select>"
    "<a id=link href=/arrived>On</a><script>const say = words => { log.textContent += words + '; '; };"
    "for (const kind of ['click', 'dblclick', 'mouseenter', 'focus']) for (const each of"
    " document.querySelectorAll('button, input')) each.addEventListener(kind, () => say(kind + ' ' +"
    " (each.id || each.textContent)));"
    "text.oninput = () => say('text ' + text.value); box.onchange = () => say('box ' + box.checked);"
    "choice.onchange = () => say('choice ' + choice.value); text.onkeydown = event => say('key ' + event.key);"
    "setTimeout(() => { const late = document.createElement('p'); late.id = 'late'; late.textContent = 'Late';"
    " document.body.append(late); console.log('ready', 7); }, 300)</script>" + TALL,
    "/asks": "<p id=said></p><button onclick=\"said.textContent = confirm('Sure?') + ' ' + prompt('Who?', 'me')\">Ask"
    "</button>",
    "/60000": "<style>body{margin:0}</style><div style='height:59000px;background:linear-gradient(red,blue)'></div>"
    "<div style='height:1000px;background:lime'>The end</div>",
    "/150000": "<style>body{margin:0}</style><div style='height:150000px;background:linear-gradient(red,blue)'></div>",
    "/late": "<div id=late style='width:50px;height:50px'></div><script>fetch('/slow-data?ms=300').then(() =>"
    " { late.style.background = 'red'; })</script>",
    "/animated": "<style>@keyframes turn{to{transform:rotate(1turn)}}"
    "div{width:100px;height:100px;background:conic-gradient(red,blue);animation:turn 1s linear infinite}"
    "</style><div></div>",
    "/fade": "<style>@keyframes fade{from{opacity:0}to{opacity:1}}"
    "div{width:100px;height:100px;background:red;animation:fade 60s forwards}</style><div></div>",
    "/carousel": "<div id=slide style='position:absolute;left:50px;top:60px;width:70px;height:80px'></div><p>Rest</p>"
    "<script>let n = 0; setInterval(() => { slide.style.background = `hsl(${n += 7} 90% 50%)`; }, 20)</script>",
    "/moving-and-long": f"{TALL}<p>End</p><script>let n = 0; setInterval(() => {{ "
    "document.body.style.background = `hsl(${n += 7} 90% 50%)`; }, 20)</script>",
    "/clock": "<style>body{margin:0}.clock{position:absolute;left:50px;top:60px;width:70px;height:80px}</style>"
    "<div class=clock></div><p>Rest</p><script>let n = 0; setInterval(() => { document.querySelector('.clock')"
    ".style.background = `hsl(${n += 7} 90% 50%)`; }, 20)</script>",
    "/masked": "<style>body{margin:0;background:white}#list{width:100px;height:50px;overflow:auto;border:1px solid}"
    "p{margin:0;height:40px}.item{background:red}#gone{display:none}</style><p class=first>First</p>"
    "<div id=list><p class=item>1</p><p class=item>2</p><p class=item>3</p></div><p id=gone class=item>x</p>"
    "<iframe srcdoc='<p class=inner>Inner</p>' width=100 height=60></iframe>",
    "/elements": "<style>body{margin:0;background:white}p{margin:0;height:40px;width:100px;background:red}"
    "#box{width:60px;height:50px;overflow:auto;position:relative}#wide{width:200px;height:30px}#gone{display:none}"
    "#off{position:absolute;left:-500px}#unseen{visibility:hidden}#late{position:absolute;left:350px;top:2000px}"
    "#flat{height:0}#tall{height:300px}</style><p id=one>1</p><p id=gone>2</p><p id=unseen>3</p><div id=box>"
    "<p id=wide>4</p><p id=tall>5</p><p id=deep style='background:blue'>6</p></div><p id=off>7</p><p id=late>8</p>"
    "<p id=flat></p><iframe srcdoc='<b>Inner</b>'></iframe>",
    "/clear": "<style>body{margin:0}div{width:50px;height:50px;background:red}</style><div></div>",
    "/caret": "<input autofocus value=words style='font-size:60px'>",
    "/gif": "<img src=/moving.gif width=100 height=100>",
    "/alert": "<script>alert('hello'); confirm('sure?')</script><h1>After the alert</h1>",
    "/popup": "<h1>Opener</h1><script>window.open('/normal')</script>",
    "/download-later": "<h1>Page</h1><script>setTimeout(() => { location.href = '/download'; }, 30)</script>",
    "/blank": "",
    "/speck": "<div style='position:absolute;left:50px;top:50px;width:3px;height:3px;background:red'></div>",
    "/word": "<p>Word</p>",
    "/blank-but-long": "<div style='height:3000px'></div>",
    "/moves-on": "<h1>First</h1><script>setTimeout(() => { location.replace('/arrived'); }, 30)</script>",
    "/moves-to-404": "<h1>First</h1><script>setTimeout(() => { location.replace('/status/404'); }, 30)</script>",
    "/arrived": "<h1>Arrived</h1><p>Elsewhere.</p>",
    "/busy-later": "<h1>Busy</h1><script>addEventListener('load', () => setTimeout(() => { for (;;); }, 0))</script>",
    "/console": "<h1>Talks</h1><script>console.log('first words'); console.error('second');"
    "setTimeout(() => { throw new Error('third'); })</script>",
    "/chatter": "<h1>Chatter</h1><script>for (let n = 0; n < 5000; n++) console.log('line', n)</script>",
    "/broken-image": "<h1>Broken</h1><img src=/status/404?image>",
    "/font": "<style>@font-face{font-family:Late;src:url(/font.ttf?ms=300)}</style>"
    "<h1 style='font-family:Late'>Word</h1>",
    "/no-font": "<style>@font-face{font-family:Late;src:url(/status/404?font)}</style>"
    "<h1 style='font-family:Late'>Word</h1>",
    "/monospace": "<pre>" + "A long line of typewriter text that is wider than the window. " * 4 + "</pre>",
    "/device": f"<h1>Device</h1>{TALL}<script>const asked = ['(prefers-color-scheme: dark)',"
    "'(prefers-reduced-motion: reduce)', '(forced-colors: active)', '(prefers-contrast: more)', '(pointer: coarse)',"
    "'(min-resolution: 2dppx)']; let last = ''; const look = () => { const now = JSON.stringify({"
    " media: asked.filter(query => matchMedia(query).matches), language: navigator.language,"
    " number: (1234.5).toLocaleString(), zone: Intl.DateTimeFormat().resolvedOptions().timeZone,"
    " hour: new Date(0).getHours(), agent: navigator.userAgent, touch: navigator.maxTouchPoints > 0,"
    " size: [innerWidth, innerHeight, devicePixelRatio] });"
    # A capture of what is out of view shrinks the window to one pixel for a moment: see before_page.js.
    " if (innerWidth > 1 && now !== last) console.log(last = now);"
    " requestAnimationFrame(look); }; look()</script>",
    "/banner": "<style>body{margin:0;background:lime}#banner{position:fixed;inset:0;background:red}</style>"
    "<h1>Shop</h1><div id=banner><button onclick='banner.remove()'>Accept</button></div>",
    "/late-banner": "<style>body{margin:0;background:lime}#banner{position:fixed;inset:0;background:red}</style>"
    "<h1>Shop</h1><script>const show = () => { const banner = document.createElement('div'); banner.id = 'banner';"
    " document.body.append(banner); }; setTimeout(show, 1000); setTimeout(show, 1600)</script>",
    "/consent": "<style>body{margin:0;background:lime}iframe{position:fixed;inset:0;width:100%;height:100%;border:0}"
    "</style><h1>Shop</h1><iframe src=/consent-frame></iframe><script>"
    "onmessage = () => document.querySelector('iframe').remove()</script>",
    "/consent-frame": "<body style='background:red'><button onclick='parent.postMessage(1)'>Accept</button>",
    "/chance": "<h1>Chance</h1><pre id=said></pre><iframe src=/chance-frame height=150></iframe><script>"
    "const say = words => { said.textContent += words + '\\n'; }; const look = () => { say([new Date().toISOString(),"
    " Date.now(), Date(), new Intl.DateTimeFormat().format(), Math.random(), [...crypto.getRandomValues(new"
    " Uint16Array(3))], crypto.randomUUID?.()].join(' ')); }; look(); setTimeout(look, 20);"
    "document.body.style.background = `hsl(${Math.random() * 360} 90% 80%)`</script>",
    "/chance-frame": "<script>document.write(Date.now() + ' ' + Math.random())</script>",
    "/strict": "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\"><h1>Strict</h1>",
    "/sharp": "<style>body{background:red}@media(min-resolution:2dppx){body{background:lime}}</style><h1>Sharp</h1>",
    "/shadow": "<h1>Shadow</h1><div id=host></div><script>host.attachShadow({mode: 'open'}).innerHTML = "
    "'<style>@keyframes t{to{transform:rotate(1turn)}}p{animation:t 1s infinite linear}</style><p>Turns</p>'</script>",
}


# AWAY is the other origin. Widgets are everything by which a page may ask another host for something.
FROM_ELSEWHERE = {
    "/embeds": "<h1>Embeds</h1><img src=/red.png?own><img src=AWAY/red.png?embedded>",
    "/widgets": "<h1>Widgets</h1><img src=AWAY/red.png?image&secret=1><img src=/redirect-picture>"
    "<iframe src=AWAY/normal?frame></iframe><iframe src=/away-frame></iframe><script src=AWAY/data?script></script>"
    "<script>fetch('AWAY/data?fetch').catch(() => {}); new Worker('/worker.js'); new WebSocket('SOCKET/socket')"
    "</script>",
    "/away-frame": "<img src=AWAY/red.png?in-a-frame>",
    "/worker.js": "fetch('AWAY/data?worker')",
}


@dataclass(frozen=True)
class Visit:
    """A request that the server saw."""

    host: str
    path: str
    headers: dict[str, str]
    query: str = ""


class Pages(Loopback):
    def __init__(self) -> None:
        self.visits: list[Visit] = []
        self.released = threading.Event()
        """Set at the end, so that no answer hangs for ever."""
        super().__init__(_Handler)

    def __exit__(self, *_: object) -> None:
        self.released.set()
        super().__exit__()


_HEADERS = {
    "Authenticate": "WWW-Authenticate",
    "Disposition": "Content-Disposition",
    "Type": "Content-Type",
    "Cookie": "Set-Cookie",
}


class _Handler(BaseHTTPRequestHandler):
    @property
    def pages(self) -> Pages:
        return cast(Pages, cast(SiteServer, self.server).site)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        pages, path, query = self.pages, address.path, parse_qs(address.query)
        headers = {name.lower(): value for name, value in self.headers.items()}
        pages.visits.append(Visit(self.headers["Host"], path, headers, address.query))
        if "ms" in query:
            time.sleep(int(query["ms"][0]) / 1000)
        if (body := HTML.get(path, RUDE.get(path))) is not None:
            self._answer(200, f"<!doctype html><meta charset=utf-8><title>Page</title>{body}")
        elif path in FROM_ELSEWHERE:
            away = pages.other_origin
            body = FROM_ELSEWHERE[path].replace("AWAY", away).replace("SOCKET", away.replace("http", "ws"))
            self._answer(200, body, Type="text/javascript" if path.endswith(".js") else "text/html; charset=utf-8")
        elif path.startswith("/status/"):
            self._answer(int(path.rpartition("/")[2]), "" if "empty" in query else "<h1>A status</h1>")
        elif path in FILES:
            self._answer(200, FILES[path]())
        elif path in OWN_WAYS:
            OWN_WAYS[path](self)
        elif path.startswith("/redirect"):
            self._redirect(path)
        elif path == "/members":
            self._answer(401, "<h1>Who are you?</h1>", Authenticate='Basic realm="members"')
        elif path == "/download":
            self._answer(200, b"\0" * 1000, Disposition="attachment; filename=data.bin")
        elif path in ("/never", "/trickle", "/never-loads"):
            self._take_long(path)
        else:
            self._answer(200, "data")

    def _redirect(self, path: str) -> None:
        away = self.pages.other_origin
        places = {
            "/redirect-loop": path,
            "/redirect-away": f"{away}/normal",
            "/redirect-picture": f"{away}/red.png?redirected",
        }
        self._answer(302, "", Location=places[path])

    def _take_long(self, path: str) -> None:
        if path == "/never":
            self.pages.released.wait()
        elif path == "/never-loads":
            self._answer(200, "<h1>Waits</h1><img src=/never>")
        else:
            self._trickle()

    def _give_session(self) -> None:
        self._answer(200, json.dumps({"access_token": SESSION_TOKEN}))

    def _show_key(self) -> None:
        """A page that shows the key that it was asked with in every place, and signs in."""
        key = self.headers.get("X-Key", "")
        self._answer(
            200,
            f"<!doctype html><meta charset=utf-8><h1>{escape(key)}</h1><a href='/normal?key={quote(key)}'>On</a>"
            f"<form><input type=password id=secret><input id=name></form><script>const key = {json.dumps(key)};"
            "console.log('the key is', key, { key }, btoa('user:' + key)); document.cookie = 'seen=' +"
            " encodeURIComponent(key); fetch('/normal?q=' + encodeURIComponent(key), {headers: {'X-Echo': key}});"
            "fetch('/session').then(answer => answer.json()).then(({access_token}) => fetch('/normal?token=mine',"
            "{method: 'HEAD', headers: {Authorization: 'Bearer ' + access_token}})); addEventListener('input', () => {"
            " document.title = secret.value; console.log(secret.value); });"
            "setTimeout(() => { throw new Error('Uncaught ' + key); }, 10)</script>",
            Cookie=f"session={SESSION_COOKIE}; HttpOnly",
        )

    def _trickle(self) -> None:
        """A page that begins and never ends."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        while not self.pages.released.wait(0.1):
            self.wfile.write(b"<p>More.</p>")

    def _answer(self, status: int, body: str | bytes, **headers: str) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if isinstance(body, str) and "Type" not in headers:
            self.send_header("Content-Type", "text/html; charset=utf-8")
        for name, value in headers.items():
            self.send_header(_HEADERS.get(name, name), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  named by the base class
        pass


def _red_png() -> bytes:
    file = BytesIO()
    Image.new("RGB", (10, 10), "red").save(file, "PNG")
    return file.getvalue()


def _moving_gif() -> bytes:
    file = BytesIO()
    first, *others = (Image.new("RGB", (10, 10), colour) for colour in ("red", "green", "blue"))
    first.save(file, "GIF", save_all=True, append_images=others, duration=20, loop=0)
    return file.getvalue()


def _font() -> bytes:
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return bytes(font.font_bytes)


OWN_WAYS = {"/session": _Handler._give_session, "/secrets": _Handler._show_key}
FILES = {"/red.png": _red_png, "/moving.gif": _moving_gif, "/font.ttf": _font}
