// The one dialog of a page: a link or button with hx-get="..." hx-target="#dialog-content" opens it with what the
// server answers; the server closes it with the header  HX-Trigger: scene:close-dialog.
import Modal from "bootstrap/js/src/modal.js";

export function startDialogs() {
  const element = document.getElementById("dialog");
  if (!element) return;
  const content = element.querySelector("#dialog-content");
  const dialog = new Modal(element);
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target === content) dialog.show();
  });
  document.addEventListener("scene:close-dialog", () => dialog.hide());
  element.addEventListener("hidden.bs.modal", () => content.replaceChildren());
}
