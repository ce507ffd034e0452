"""Changes that a person would want to hear of, made by a script in the page at a place that a number from 0 to 1 picks.

Each leaves in ``it`` the element, or elements, whose rectangle must be what is found. Everything around it keeps its
place, but for the banner, which moves what is below it.
"""

_PICK = "const all = [...document.querySelectorAll(%r)]; const it = all[Math.floor(%f * all.length)];"
_KINDS = {
    "word": (".word", "it.textContent = 'ZWXQKVM'; it.style.outline = 'none';"),
    "colour": (".card", "it.style.background = '#f7d7c4';"),
    "border": (".card", "it.style.outline = '1px solid #c00'; it.style.outlineOffset = '-1px';"),
    "moved": (".card", "it.style.position = 'relative'; it.style.left = '1px';"),
    "icon": (".icon", 'it.innerHTML = \'<path d="M0 0H20L10 20Z" fill="#000" />\';'),
    "image": (".photo", "it.dataset.src = '/missing'; it.src = '/missing';"),
    "banner": (
        "section",
        (
            "const banner = document.createElement('div'); banner.style.cssText = 'height:40px;background:#0a0';"
            "banner.textContent = 'News'; it.before(banner); it = banner;"
        ),
    ),
    "column": (
        "table",
        ("it = [...it.rows].map((row) => row.cells[1]);it.forEach((each) => { each.style.background = '#ffe08a'; });"),
    ),
}
KINDS = tuple(_KINDS)
_TELL = """
const tell = () => {
  const all = [it].flat().map((each) => each.getBoundingClientRect());
  const [left, top] = [Math.min(...all.map((each) => each.left)), Math.min(...all.map((each) => each.top))];
  const [right, bottom] = [Math.max(...all.map((each) => each.right)), Math.max(...all.map((each) => each.bottom))];
  console.log('mutated', JSON.stringify([left + scrollX, top + scrollY, right - left, bottom - top]));
};
setInterval(tell, 60); tell();
"""


def script(kind: str, place: float) -> str:
    """For a task's JS. The page's console tells the element's rectangle again and again, the last time at rest."""
    selector, change = _KINDS[kind]
    return (_PICK % (selector, place)).replace("const it", "let it") + change + _TELL
