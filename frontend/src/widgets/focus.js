// A part of the page that is replaced, by what was saved or because it asks for news, gives the keyboard back to the
// element that does the same as the one that had it. htmx itself does so only for elements with an id.
const DOES = ["hx-get", "hx-post", "href"];

// Gives the keyboard back, once it is called: to the element, or else to the one of its place that does the same. Of
// something that was deleted there is none: on from the content then, and not from the top of the page.
export function placeOf(element) {
  const name = DOES.find((each) => element.hasAttribute(each));
  const selector = name && `${element.localName}[${name}="${CSS.escape(element.getAttribute(name))}"]`;
  const every = () => (selector ? [...document.querySelectorAll(selector)] : []);
  const index = every().indexOf(element);
  return () => {
    const same = every();
    const found = element.isConnected ? element : (same[index] ?? same[0] ?? document.getElementById("main"));
    found.focus({ preventScroll: true });
  };
}

export function keepFocus() {
  let back = null;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const element = document.activeElement;
    if (detail.shouldSwap && !element.id && detail.target.contains(element)) back = placeOf(element);
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (document.activeElement === document.body) back?.();
    back = null;
  });
}
