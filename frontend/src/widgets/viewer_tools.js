// The tools of the viewer: which of them there are for a picture, and which are on.
import { alignable } from "./viewer_align.js";
import { MODES } from "./viewer_modes.js";

// What a reader goes through: with another tolerance, what was found with that.
export const regionsOf = (against) => against?.tried?.regions ?? against?.regions ?? [];

function set(button, on) {
  button.setAttribute("aria-pressed", String(on));
  button.classList.toggle("active", on);
}

// Of the buttons that choose a value: the one of this value is on, and no other.
export function press(root, what, value) {
  const attribute = `data-viewer-${what}`;
  for (const button of root.querySelectorAll(`[${attribute}]`)) set(button, button.getAttribute(attribute) === value);
}

export function pressOne(root, action, on) {
  for (const button of root.querySelectorAll(`.viewer-tools [data-viewer-do=${action}]`)) set(button, on);
}

export function showTools(root, state, picture, against) {
  root.querySelectorAll("[data-viewer-notes]").forEach((notes, index) => {
    notes.hidden = index !== state.index;
  });
  const part = (name) => root.querySelector(`[data-viewer-${name}]`);
  const choice = part("choice");
  if (choice) choice.value = String(state.index);
  part("kinds").hidden = picture.against.length < 2;
  press(root, "kind", against?.kind);
  press(root, "mode", state.mode);
  pressOne(root, "align", state.align);
  for (const button of root.querySelectorAll("[data-viewer-mode]")) {
    const { viewerMode: mode } = button.dataset;
    button.disabled = MODES[mode](picture, against).length === 0;
    const label = { against: against?.label, observed: picture.observed_label }[mode];
    if (label) {
      button.title = label;
      button.querySelector(".viewer-word").textContent = label;
    }
  }
  part("regions").hidden = regionsOf(against).length === 0;
  root.querySelector(".viewer-tools [data-viewer-do=align]").hidden = alignable(picture, against).length === 0;
}
