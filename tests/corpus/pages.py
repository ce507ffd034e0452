"""Pages with everything that makes captures flaky, each around the same plain content."""

from tests.corpus.files import COLOURS

_WORDS = (  # noqa: SIM905  readable as words
    "harbour lantern kitchen morning gardens weather teacher village picture journey blanket popcorn candles "
    "history pilgrim thunder whisper leather cabinet bicycle orchard channel feather station monsoon octopus"
).split()
_STYLE = """
* { box-sizing: border-box } body { margin: 0; font: 16px/24px 'Liberation Sans', sans-serif; color: #222 }
section { padding: 12px 16px; background: #fff } h2 { margin: 0 0 8px; font-size: 20px }
.text { height: 72px; overflow: hidden; margin: 0 0 8px; font-family: 'Liberation Mono', monospace; font-size: 14px }
.card { height: 60px; margin: 0 0 12px; padding: 12px; background: #8fb0d9; width: 240px }
img { display: block } .icon { width: 20px; height: 20px; margin-bottom: 8px }
table { border-collapse: collapse; width: 360px } td { height: 26px; padding: 0 8px; border: 1px solid #999 }
"""


def words(start: int, number: int = 18) -> str:
    """Spaced words of seven letters: any one can be swapped for another without moving the rest."""
    chosen = [_WORDS[(start * 7 + n * 5) % len(_WORDS)] for n in range(number)]
    return " ".join(f"<span class=word>{word}</span>" for word in chosen)


def section(number: int, photo: str = "<img class=photo src=/photo/{n} width=160 height=90>") -> str:
    cells = "".join(
        f"<tr>{''.join(f'<td>{_WORDS[(number + row * 3 + n) % len(_WORDS)]}' for n in range(3))}" for row in range(3)
    )
    icon = f"<rect width=20 height=20 fill='{COLOURS[number % len(COLOURS)]}' /><circle cx=10 cy=10 r=6 fill=white />"
    return (
        f"<section><h2>Part {number}</h2><p class=text>{words(number)}</p><svg class=icon viewBox='0 0 20 20'>{icon}"
        f"</svg><div class=card>{_WORDS[number % len(_WORDS)]}</div>{photo.format(n=number)}<table>{cells}</table>"
        "</section>"
    )


def _page(body: str, style: str = "", script: str = "") -> str:
    return (
        f"<!doctype html><meta charset=utf-8><title>Corpus</title><style>{_STYLE}{style}</style><body>{body}"
        f"<script>{script}</script>"
    )


def _sections(first: int = 0, number: int = 3) -> str:
    return "".join(section(n) for n in range(first, first + number))


_DATA_SRC = "<img class='photo lazy' data-src=/photo/{n} width=160 height=90>"

_ANIMATIONS = _page(
    _sections(0, 2) + "<div class='box turn'></div><div class='box late'></div><div id=host></div>"
    "<svg width=60 height=60><rect width=60 height=60 fill=navy><animate attributeName=x values='0;40;0' dur=0.7s "
    "repeatCount=indefinite /></rect></svg><marquee scrollamount=0>Still</marquee><div class='box shown'></div>",
    "@keyframes turn { to { rotate: 1turn } } @keyframes grow { to { width: 200px } }"
    ".box { width: 60px; height: 60px; background: conic-gradient(red, blue, lime) } .turn { animation: turn "
    "0.8s infinite }"
    ".late { animation: grow 0.5s 0.2s both } .shown { opacity: 0.2; transition: opacity 0.7s } .shown.on { "
    "opacity: 1 }",
    "const inner = document.createElement('div'); host.attachShadow({ mode: 'open' }).append(inner);"
    "inner.attachShadow({ mode: 'open' }).innerHTML = '<style>@keyframes t { to { translate: 90px } } p { "
    "animation: t 1s "
    "infinite alternate }</style><p>In the shadow of a shadow</p>';"
    "setTimeout(() => document.querySelector('.shown').classList.add('on'), 250);"
    "setTimeout(() => document.querySelector('.turn').animate({ opacity: [0, 1] }, { duration: 900, iterations: "
    "Infinity }), 300)",
)
_CAROUSEL = _page(
    "<div id=frame><div id=track>"
    + "".join(f"<div class=slide><img src=/photo/{n} width=320 height=180></div>" for n in range(4))
    + "</div></div>"
    + _sections(2, 2),
    "#frame { width: 320px; height: 180px; overflow: hidden } #track { display: flex; transition: translate 0.6s }"
    ".slide { flex: none }",
    "let n = 0; const next = () => { track.style.translate = `${-320 * (n = (n + 1) % 4)}px` };"
    "setInterval(next, 3000); addEventListener('resize', next);"
    "new ResizeObserver(() => { frame.dataset.width = frame.clientWidth }).observe(frame)",
)
_LAZY = _page(
    "".join(section(n, "<img class=photo loading=lazy src=/photo/{n}?ms=60 width=160 height=90>") for n in range(3))
    + "<div style='height:1500px'></div>"
    + "".join(section(n, _DATA_SRC) for n in range(3, 7))
    + "".join(f"<div class='card reveal'>Card {n}</div><div style='height:400px'></div>" for n in range(4)),
    ".reveal { opacity: 0; transition: opacity 0.5s } .reveal.on { opacity: 1 }",
    "const load = (image) => { if (image.dataset.src) { image.src = image.dataset.src; delete image.dataset.src } };"
    "const seen = new IntersectionObserver((all) => all.forEach((each) => { if (each.isIntersecting) { "
    "each.target.classList.add('on'); load(each.target) } }), { rootMargin: '-60px' });"
    "document.querySelectorAll('.reveal, .lazy:nth-of-type(odd)').forEach((each) => seen.observe(each)); let timer;"
    "addEventListener('scroll', () => { clearTimeout(timer); timer = setTimeout(() => "
    "document.querySelectorAll('.lazy')"
    ".forEach((each) => { const { top } = each.getBoundingClientRect(); if (top > -200 && top < innerHeight) "
    "load(each) }"
    "), 80) })",
)
_APPENDED = _page(
    f"<main>{_sections(0, 2)}</main><p id=more>More</p>",
    script="let batch = 0; new IntersectionObserver(async ([last]) => { if (!last.isIntersecting || batch >= 3) return;"
    "const html = await (await fetch(`/part/${++batch}?ms=40`)).text();"
    "document.querySelector('main').insertAdjacentHTML('beforeend', html) }, { rootMargin: '200px' }).observe(more)",
)
_FONTS = _page(
    "<div class=late>The quick brown fox</div><div class=swap>jumps over the lazy dog</div>" + _sections(4, 2),
    "@font-face { font-family: Late; src: url(/font?ms=150); font-display: block }"
    "@font-face { font-family: Swap; src: url(/font?ms=250); font-display: swap }"
    ".late { font: 30px Late } .swap { font: 24px Swap, serif }",
)
_STICKY = _page(
    "<header>Menu</header><div class=hero>Welcome</div>"
    + "".join(f"<article><h3>Chapter {n}</h3>{section(n)}</article>" for n in range(4))
    + "<div class=actions>Save</div><footer>The end</footer><div class=cookies>We use cookies</div>"
    "<a class=top>Up</a>",
    "header { position: sticky; top: 0; height: 40px; background: #123; color: #fff; z-index: 2 }"
    ".hero { height: calc(var(--vh) * 60); min-height: 50vh; background: linear-gradient(#fc6, #c66) }"
    "h3 { position: sticky; top: 40px; margin: 0; background: #eee } footer { height: 100px; background: #ccc }"
    ".actions { position: sticky; bottom: 0; height: 40px; background: #9c9 }"
    ".cookies { position: fixed; bottom: 0; left: 0; right: 0; height: 50px; background: #333; color: #fff }"
    ".top { position: fixed; right: 10px; bottom: 60px; width: 40px; height: 40px; background: #06c }",
    "const size = () => document.documentElement.style.setProperty('--vh', `${innerHeight / 100}px`);"
    "size(); addEventListener('resize', size)",
)
_INNER = _page(
    "<header>Application</header><div class=shell><nav>Menu</nav><main>"
    + "".join(section(n, _DATA_SRC) for n in range(6))
    + "</main></div>",
    "html, body { height: 100%; overflow: hidden } body { display: flex; flex-direction: column } header { "
    "height: 40px;"
    "background: #123; color: #fff } .shell { flex: 1; display: flex; min-height: 0 } nav { width: 60px; "
    "background: #eee }"
    "main { flex: 1; overflow: auto }",
    "const seen = new IntersectionObserver((all) => all.forEach((each) => { if (each.isIntersecting) each.target.src = "
    "each.target.dataset.src }), { root: document.querySelector('main') });"
    "document.querySelectorAll('.lazy').forEach((each) => seen.observe(each))",
)
_VIDEO = _page(
    "<video src=/film autoplay muted loop playsinline width=128 height=128></video>"
    "<video src=/film?ms=100 autoplay muted loop poster=/photo/9 width=128 height=128></video>"
    "<video src=/film muted width=128 height=128 id=started></video>"
    "<video src=/film poster=/photo/8 preload=none width=128 height=128></video>" + _sections(5, 2),
    script="started.play().catch(() => {}); setTimeout(() => started.play().catch(() => {}), 400)",
)
_GIFS = _page(
    "<img src=/moving/GIF><img src=/moving/PNG><img src=/moving/WEBP><div style='width:64px;height:64px;"
    "background:url(/moving/GIF)'></div>" + _sections(6, 2)
)
_FRAMES = _page(
    "<iframe src=/page/animations width=500 height=300></iframe><input autofocus value='A caret blinks here'>"
    "<iframe loading=lazy src=/page/gifs width=300 height=200 style='margin-top:900px'></iframe>" + _sections(1, 2)
)
_SMOOTH = _page(
    _sections(0, 4),
    "html { scroll-behavior: smooth } section { opacity: 0; translate: 0 30px; transition: 0.6s } section.on { "
    "opacity: 1;"
    "translate: 0 }",
    "const seen = new IntersectionObserver((all) => all.forEach((each) => each.target.classList.toggle('on', "
    "each.target.classList.contains('on') || each.isIntersecting)), { threshold: 0.4 });"
    "document.querySelectorAll('section').forEach((each) => seen.observe(each)); location.hash = '#x'",
)
_RANDOM_COLOUR = _page(
    "<div id=box style='width:120px;height:80px'></div>" + _sections(0, 1),
    script="setInterval(() => { box.style.background = `hsl(${Math.random() * 360} 80% 50%)` }, 90)",
)
_RANDOM_CANVAS = _page(
    "<canvas id=canvas width=200 height=120></canvas>" + _sections(0, 1),
    script="const pen = canvas.getContext('2d'); const draw = () => { pen.fillStyle = `hsl(${Math.random() * "
    "360} 90% 50%)`;"
    "pen.fillRect(Math.random() * 150, Math.random() * 80, 50, 40); requestAnimationFrame(draw) }; draw()",
)
_DRAWING = _page("<img src=/moving/SVG width=128 height=128>" + _sections(0, 1))
_CLOCK = _page(
    "<h1 id=clock></h1>" + _sections(0, 1),
    script="const tell = () => { clock.textContent = new Date().toISOString() }; tell(); setInterval(tell, 500)",
)

STILL = {
    "plain": _page(_sections(0, 5)),
    "animations": _ANIMATIONS,
    "carousel": _CAROUSEL,
    "lazy": _LAZY,
    "appended": _APPENDED,
    "fonts": _FONTS,
    "sticky": _STICKY,
    "inner": _INNER,
    "video": _VIDEO,
    "gifs": _GIFS,
    "frames": _FRAMES,
    "smooth": _SMOOTH,
}
RANDOM = {"random-colour": _RANDOM_COLOUR, "random-canvas": _RANDOM_CANVAS, "drawing": _DRAWING, "clock": _CLOCK}
"""What no capture can bring to rest: these must be unstable."""

MOVING_DRAWING = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='64' height='64'><style>@keyframes t { to { transform: "
    "translate(40px) } } circle { animation: t 0.7s infinite }</style><circle cx='12' cy='32' r='10' fill='teal' />"
    "<rect width='20' height='9' fill='red'><animate attributeName='width' values='5;60' dur='0.4s' "
    "repeatCount='indefinite' /></rect></svg>"
)
