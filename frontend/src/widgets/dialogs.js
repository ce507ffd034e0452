// The one dialog of a page: a link or button with hx-get="..." hx-target="#dialog-content" opens it with what the
// server answers; the server closes it with the header  HX-Trigger: scene:close-dialog.
//
// It opens and closes without a transition: Bootstrap ignores what it is told during one.
import Modal from "bootstrap/js/src/modal.js";

import { placeOf } from "./focus.js";

export function startDialogs() {
  const element = document.getElementById("dialog");
  if (!element) return;
  const content = element.querySelector("#dialog-content");
  const dialog = new Modal(element);
  let back = null; // gives the keyboard back to what opened it
  // By the time it opens, what opened it may have been replaced.
  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target === content && !element.classList.contains("show")) back = placeOf(detail.elt);
  });
  // Not before htmx knows the form: a quick Enter would send it past htmx.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target !== content) return;
    dialog.show();
    // What is wrong with no single field takes no keyboard: it is shown at least.
    content.querySelector("form:not(:has([autofocus])) .invalid-feedback")?.scrollIntoView({ block: "center" });
  });
  document.addEventListener("scene:close-dialog", () => dialog.hide());
  element.addEventListener("shown.bs.modal", () => content.querySelector("[autofocus]")?.focus());
  element.addEventListener("hidden.bs.modal", () => {
    content.replaceChildren();
    back?.();
  });
}
