// Let a document be as it is while its window grows to its whole height, or put it back. Runs in the page.
// 'note' remembers how high everything is, 'pin' gives what has grown with the window its height back, 'undo' ends it.
(what) => {
  const own = window[Symbol.for('scene.own')]; // see before_page.js
  const state = (window[Symbol.for('scene.inView')] ??= { heights: new Map(), pinned: [] });
  const page = document.scrollingElement ?? document.documentElement;

  const pin = ([element, height]) => {
    const sizes = { height: `${height}px`, 'min-height': '0', 'max-height': 'none', 'box-sizing': 'border-box' };
    for (const [name, value] of Object.entries(sizes)) {
      state.pinned.push([element, name, element.style.getPropertyValue(name), element.style.getPropertyPriority(name)]);
      element.style.setProperty(name, value, 'important');
    }
  };

  if (what === 'note') {
    const inside = own.all('body *').filter((element) => element instanceof HTMLElement);
    state.heights = new Map(inside.map((element) => [element, element.getBoundingClientRect().height]));
  } else if (what === 'pin') {
    const scaled = (element) => element.offsetHeight && element.getBoundingClientRect().height / element.offsetHeight;
    [...state.heights].filter(([element, height]) => element.getBoundingClientRect().height > height + 1)
      .filter(([element]) => Math.abs(scaled(element) - 1) < 0.01).forEach(pin);
    // The page may have looked while all was higher.
    for (const name of ['resize', 'scroll']) window.dispatchEvent(new Event(name));
  } else {
    state.heights.clear();
    for (const [element, name, value, priority] of state.pinned.splice(0).reverse()) element.style.setProperty(name, value, priority);
  }
  return page?.scrollHeight ?? 0;
}
