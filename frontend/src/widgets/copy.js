// <button data-copy="#id"> copies the value of an input that is shown once, such as a secret.
//
// Browsers give scripts no clipboard where the page is neither HTTPS nor localhost: then the text is selected, for
// the keyboard.
import { toast } from "./toasts.js";

export function startCopyButtons() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-copy]");
    if (!button) return;
    const input = document.querySelector(button.dataset.copy);
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
      toast("Copied.", "success");
    } catch {
      toast("It is selected: copy it with the keyboard.", "info");
    }
  });
}
