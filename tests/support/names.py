"""Names that go wrong where somebody was careless: scripts, directions, marks, markup, paths, formats."""

NAMES = [
    "Ünïcödé Straße",
    "日本語のページ",
    "صفحة المنتج",
    "עמוד הבית",
    "हिन्दी पृष्ठ",
    "ภาษาไทย",
    "🦊 fox 👩\u200d👩\u200d👧 🏳️\u200d🌈",
    "Zalgo e\u0301\u0323\u0330",
    "\u202eright to left\u202c",
    "line\u2028separator",
    "𐐷𐐲𐑌 𒀀",
    "<b>bold</b> & \"quoted\" 'single' {{ 7 * 7 }} {% x %}",
    "../../etc/passwd",
    "con.txt:stream|pipe?*",
    "'; DROP TABLE pages; --",
    "%s %(name)s %d {0}",
]
