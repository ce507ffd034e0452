// What asks again and again (hx-trigger "every 5s") is quiet while nobody can see it, and goes on when somebody can.
// It is told from what a person asks by having no event that set it off.

export function startPolling() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && !event.detail.requestConfig.triggeringEvent) event.preventDefault();
  });
}
