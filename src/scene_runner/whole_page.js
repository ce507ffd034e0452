// Arrange a document for a picture of its whole length, or put it back. Runs in the page.
(undo) => {
  const changed = (window[Symbol.for('scene.arranged')] ??= []);
  if (undo) {
    for (const [element, name, value, priority] of changed.splice(0).reverse()) element.style.setProperty(name, value, priority);
    return;
  }
  const own = window[Symbol.for('scene.own')]; // see before_page.js
  const page = document.scrollingElement ?? document.documentElement;
  const below = page ? page.scrollHeight - innerHeight : 0;
  if (below <= 0) return;

  const set = (element, name, value) => {
    changed.push([element, name, element.style.getPropertyValue(name), element.style.getPropertyPriority(name)]);
    element.style.setProperty(name, value, 'important');
  };
  const scrollsInside = (element) => {
    for (let outer = own.around(element); outer && outer !== document.body; outer = own.around(outer)) {
      if (getComputedStyle(outer).overflowY !== 'visible') return true;
    }
    return false;
  };

  for (const element of own.all('*')) {
    const style = getComputedStyle(element);
    if (style.position === 'fixed' && !element.offsetParent) {
      // What is held at the bottom of the window belongs to the bottom of the page; all else stays at its top.
      const { top, bottom, height } = element.getBoundingClientRect();
      if (height && innerHeight - bottom < top) {
        set(element, 'top', `${parseFloat(style.top) + below}px`);
        set(element, 'bottom', 'auto');
      }
    } else if (style.position === 'sticky' && style.bottom !== 'auto' && !scrollsInside(element)) {
      set(element, 'bottom', 'auto');
    }
  }
}
