// Rows whose fields depend on a choice: [data-variant-choice] holds the choice, [data-variant-fields] its fields.
//
// The group's [data-variants] has a <template data-variant="click hover"> for each set of fields. What was typed into a
// field that the new set has too is kept.
import { renumber } from "./rows.js";

const suffix = (field) => field.name.replace(/^.*\./, "");

export function startVariants() {
  document.addEventListener("change", ({ target }) => {
    if (!target.closest?.("[data-variant-choice]")) return;
    const row = target.closest("[data-row]");
    const template = target.closest("[data-variants]").querySelector(`template[data-variant~="${target.value}"]`);
    const fields = row.querySelector("[data-variant-fields]");
    const typed = new Map([...fields.querySelectorAll("[name]")].map((field) => [suffix(field), field.value]));
    fields.replaceChildren(template.content.cloneNode(true));
    for (const field of fields.querySelectorAll("[name]")) {
      const value = typed.get(suffix(field));
      if (value && (field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value))) field.value = value;
    }
    renumber(row.closest("[data-rows]"));
  });
}
