// A part of the page that is replaced, by what was saved or because it asks for news, gives the keyboard back to the
// element that does the same as the one that had it. htmx itself does so only for elements with an id.
const DOES = ["hx-get", "hx-post", "href"];

// How to find what does the same, and the how-manyth of them it is.
function described(element) {
  const name = DOES.find((each) => element.hasAttribute(each));
  if (!name) return null;
  const selector = `${element.localName}[${name}="${CSS.escape(element.getAttribute(name))}"]`;
  return { selector, index: [...document.querySelectorAll(selector)].indexOf(element) };
}

export function keepFocus() {
  let lost = null;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const element = document.activeElement;
    if (detail.shouldSwap && !element.id && detail.target.contains(element)) lost = described(element);
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (lost && document.activeElement === document.body) {
      const same = [...document.querySelectorAll(lost.selector)];
      // Of something that was deleted nothing is left: on from the content then, and not from the top of the page.
      (same[lost.index] ?? same[0] ?? document.getElementById("main")).focus({ preventScroll: true });
    }
    lost = null;
  });
}
