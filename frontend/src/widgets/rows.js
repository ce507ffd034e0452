// Rows of a form that a person adds, removes and moves: <div data-rows="viewports"> with [data-row] inside.
//
// The rows are in [data-rows-list], or directly inside; a <template> holds an empty one. [data-rows-add] adds one,
// [data-rows-preset="viewports"] one with the values of its data-values (JSON). Fields are numbered anew after each
// change: the server takes them in the order of their numbers.
const list = (group) => group.querySelector("[data-rows-list]") ?? group;
const rowsOf = (group) => [...list(group).querySelectorAll("[data-row]")];

export function renumber(group) {
  const path = group.dataset.rows;
  const slug = `field-${path}-`;
  rowsOf(group).forEach((row, index) => {
    for (const field of row.querySelectorAll("[name]")) {
      if (field.name.startsWith(`${path}[`)) field.name = field.name.replace(/\[\d+\]/, `[${index}]`);
    }
    for (const attribute of ["id", "for", "aria-describedby"]) {
      for (const element of row.querySelectorAll(`[${attribute}^="${slug}"]`)) {
        const renamed = element.getAttribute(attribute).replaceAll(new RegExp(`${slug}\\d+`, "g"), `${slug}${index}`);
        element.setAttribute(attribute, renamed);
      }
    }
  });
}

// As when a person changes a field of theirs: for what is counted from them.
const changed = (group) => group.dispatchEvent(new Event("change", { bubbles: true }));

function add(group, values = {}) {
  const row = group.querySelector("template").content.firstElementChild.cloneNode(true);
  list(group).append(row);
  renumber(group);
  for (const [key, value] of Object.entries(values)) {
    for (const field of row.querySelectorAll(`[name$=".${key}"]`)) {
      if (field.type === "checkbox") field.checked = value === true;
      else if (field.type !== "hidden") field.value = value ?? "";
    }
  }
  changed(group);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function move(row, up) {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other?.matches("[data-row]")) return;
  if (up) other.before(row);
  else other.after(row);
}

export function startRows() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-rows-add], [data-rows-preset], [data-row-up], [data-row-down], [data-row-remove]");
    if (!button) return;
    if (button.dataset.rowsPreset) {
      const group = document.querySelector(`[data-rows="${button.dataset.rowsPreset}"]`);
      add(group, JSON.parse(button.dataset.values));
      return;
    }
    const group = button.closest("[data-rows]");
    if ("rowsAdd" in button.dataset) {
      add(group);
      return;
    }
    const row = button.closest("[data-row]");
    if ("rowRemove" in button.dataset) {
      row.remove();
      group.querySelector("[data-rows-add]")?.focus();
    } else {
      move(row, "rowUp" in button.dataset);
      button.focus();
    }
    renumber(group);
    changed(group);
  });
}
