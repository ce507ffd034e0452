// What asks again and again (hx-trigger "every 5s") is quiet while nobody can see it, and goes on when somebody can.
// It is told from what a person asks by having no event that set it off.
//
// A place that asks for itself gives way to who asks for something else in its stead: were it replaced in between, htmx
// would put the answer into what is no longer shown, and the click would be lost.
import htmx from "htmx.org/dist/htmx.esm.js";

const awaited = new WeakSet(); // the places that somebody asked for something else in

export function startPolling() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target, requestConfig } = event.detail;
    if (requestConfig.elt !== target) {
      awaited.add(target);
      htmx.trigger(target, "htmx:abort");
    } else if (awaited.has(target) || (document.hidden && !requestConfig.triggeringEvent)) event.preventDefault();
  });
  // Of what was replaced by its own answer, htmx tells a place around it: the event's own element can be the target then.
  document.addEventListener("htmx:afterRequest", ({ detail: { target, requestConfig } }) => {
    if (requestConfig.elt !== target) awaited.delete(target);
  });
}
