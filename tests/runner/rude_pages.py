"""Pages that leave, that move now and then, and that hide what they hold where nobody looks."""

_ROWS = "".join(f"<div style='height:100px;background:hsl({n * 30} 90% 50%)'>{n}</div>" for n in range(12))
_LAST = "<div style='height:100px;background:red'></div>"
_TURNS = "<style>body{margin:0}div{width:100px;height:100px}</style><div id=slide style='background:red'></div>"
_TURN = "let n = 0; const turn = () => { slide.style.background = ['red', 'blue'][++n % 2] };"
_END = "<div id=end style='height:100px;background:lime'></div>"
_APP = "<style>html,body{margin:0;height:100%;overflow:hidden}</style>"


def _in_shadow(html: str) -> str:
    attach = f"host.attachShadow({{mode:'open'}}).innerHTML=`{html}`"
    return f"<div id=host style='height:100%'></div><script>{attach}</script>"


def _leaves(address: str, after_ms: int = 100) -> str:
    leave = f"() => {{ location.href = '{address}' }}"
    return f"<h1>First</h1><script>onload = () => setTimeout({leave}, {after_ms})</script>"


def _notices(way: str) -> str:
    """A page that turns red at its end once it has noticed that it was scrolled."""
    notice = "const notice = () => { if (scrollY > 0) end.style.background = 'red' };"
    return f"<style>body{{margin:0}}</style><div style='height:4900px'>Words</div>{_END}<script>{notice} {way}</script>"


RUDE = {
    "/leaves-for-ever": _leaves("/never"),
    "/leaves-late-for-ever": _leaves("/never", 450) + "<script>setInterval(() => 0, 1500)</script>",
    "/leaves-for-trickle": _leaves("/trickle"),
    "/leaves-for-slow": _leaves("/slow-to-load"),
    "/leaves-pictures-behind": "<h1>First</h1><img src=/red.png?ms=900><script>"
    "setTimeout(() => location.replace('/arrived'), 200)</script>",
    "/slow-to-load": "<style>body{margin:0}</style><img src=/red.png?ms=1200 width=100 height=100>",
    "/hung-frame": "<h1>Page</h1><script>onload = () => { const frame = document.createElement('iframe');"
    " frame.src = '/never'; document.body.append(frame) }</script>",
    "/prints": "<h1>Page</h1><script>print()</script>",
    "/no-element": "<script>document.documentElement.remove()</script>",
    "/own-clock": "<h1>Page</h1><script>performance.now = () => 5; window.setTimeout = () => 0;"
    "window.requestAnimationFrame = () => 0</script>",
    "/turns-every-second": f"{_TURNS}<script>{_TURN} setInterval(turn, 1000)</script>",
    "/counts": "<p id=count>0</p><script>setInterval(() => { count.textContent = +count.textContent + 1 }, 500)"
    "</script>",
    "/turns-again-and-again": f"{_TURNS}<script>{_TURN} const on = () => {{ turn(); setTimeout(on, 1200) }}; on()"
    "</script>",
    "/ticks": "<canvas id=one width=90 height=50></canvas><p id=words>Words</p>"
    "<canvas id=two width=90 height=50></canvas>"
    "<script>let n = 0; setInterval(() => { n += 1; for (const each of [one, two]) { const pen = each.getContext('2d');"
    " pen.fillStyle = `hsl(${n * 40} 90% 50%)`; pen.fillRect(0, 0, 90, 50) } }, 300)</script>",
    "/turns-by-words": f"{_TURNS}<script>{_TURN} setInterval('turn()', 2000)</script><img src=/never>",
    "/asks-every-second": f"{_TURNS}<script>setInterval(() => 0, 1000)</script>",
    "/scroller-in-shadow": _APP + _in_shadow(f"<main style='height:100%;overflow:auto'>{_ROWS}{_LAST}</main>"),
    "/body-scrolls": f"<style>html{{height:100%;overflow:hidden}}body{{margin:0;height:100%;overflow:auto}}</style>"
    f"{_ROWS}{_LAST}",
    "/footer-in-shadow": "<style>body{margin:0}</style><div style='height:1000px'>Words</div>"
    + _in_shadow("<footer style='position:fixed;bottom:0;left:0;right:0;height:40px;background:red'></footer>"),
    "/cut-off-in-shadow": "<style>body{margin:0}</style><div style='width:100px;height:50px;overflow:auto'>"
    + _in_shadow("<p class=item style='margin:0;height:400px;background:red'></p>")
    + "</div>",
}

_PARTS = "".join(
    f"<section style='height:200px;background:{colour}'></section>" for colour in ("white", "blue", "green", "red")
)
_REVEAL = (
    "<style>body{margin:0}section{opacity:0;transition:opacity 0.4s}section.on{opacity:1}</style>"
    f"HERO{_PARTS}<script>const parts = [...document.querySelectorAll('section')]; SCRIPT</script>"
)
_BY_OBSERVER = """const observer = new IntersectionObserver((all) => all.forEach((each) =>
  each.target.classList.toggle('on', each.isIntersecting)), { threshold: 0.5 });
parts.forEach((each) => observer.observe(each))"""
_BY_SCROLLING = """const look = () => parts.forEach((each) =>
  each.classList.toggle('on', scrollY + innerHeight > each.offsetTop + 50)); let timer;
addEventListener('resize', look); look();
addEventListener('scroll', () => { timer ??= setTimeout(() => { timer = undefined; look() }, 99) })"""

NOTICING = {
    "/notices-on-document": _notices("document.addEventListener('scroll', notice, { passive: true })"),
    "/notices-by-property": _notices("window.onscroll = notice"),
    "/notices-by-frames": _notices("const look = () => { notice(); requestAnimationFrame(look) }; look()"),
    "/notices-by-timer": _notices("setInterval(notice, 1)"),
    "/notices-by-timeout": _notices("const look = () => { notice(); setTimeout(look, 1) }; look()"),
    "/notices-from-frame": _notices("").replace(
        _END,
        f"<iframe srcdoc='<script>const look = () => {{ parent.notice_(); requestAnimationFrame(look) }}; look()"
        f"</script>' style='position:absolute'></iframe>{_END}<script>var notice_ = () => notice()</script>",
    ),
}
RUDE |= NOTICING
RUDE |= {
    "/heeds-nothing": "<script>Element.prototype.scrollTo = () => { document.body.style.background = 'red' }</script>"
    + _notices(""),
}
RUDE |= {
    "/reveals": _REVEAL.replace("HERO", "").replace("SCRIPT", _BY_OBSERVER),
    "/reveals-at-once": _REVEAL.replace(
        "HERO", "<style>section{transition-duration:1s}section.on{transition:none}</style>"
    ).replace("SCRIPT", _BY_OBSERVER),
    "/reveals-by-scrolling": _REVEAL.replace("HERO", "").replace("SCRIPT", _BY_SCROLLING),
    "/reveals-below-hero": _REVEAL.replace("HERO", "<header style='height:100vh;background:lime'></header>").replace(
        "SCRIPT", _BY_SCROLLING
    ),
}
"""Pages that hide again what has left the window."""
