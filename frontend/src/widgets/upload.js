// The dialog that imports reference pictures: templates/importing/dialog.html. A zip is sent as it is, and what the
// server finds wrong is listed file by file.
import { toast } from "./toasts.js";

const FLAGS = ["only_these", "skip_unknown"];
const SHOWN = 200; // lines of a list

export function startUploads() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (!form) return;
    event.preventDefault();
    send(form, event.submitter?.name === "dry_run");
  });
}

async function send(form, dryRun) {
  const told = form.querySelector("[data-upload-told]");
  const [file] = form.elements.file.files;
  const batch = form.elements.batch.value;
  if (!file || !batch) {
    show(told, "danger", file ? "Choose a batch." : "Choose a zip.");
    return;
  }
  const query = new URLSearchParams({ line: form.elements.line.value || "main", notes: form.elements.notes.value });
  for (const name of FLAGS) if (form.querySelector(`input[type=checkbox][name=${name}]`).checked) query.set(name, "true");
  if (dryRun) query.set("dry_run", "true");
  const buttons = form.querySelectorAll("button[type=submit]");
  for (const button of buttons) button.disabled = true;
  show(told, "secondary", "The pictures are being sent and checked …");
  try {
    const response = await fetch(`/api/batches/${encodeURIComponent(batch)}/baselines/import?${query}`, {
      method: "POST",
      headers: { "Content-Type": "application/zip" },
      body: file,
    });
    const answer = await response.json();
    if (!response.ok) refused(told, answer);
    else if (dryRun) checked(told, answer);
    else imported(answer);
  } catch {
    show(told, "danger", "The server cannot be reached, or the zip could not be read.");
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function imported({ baseline, pictures, kept }) {
  const others = kept ? `, and ${kept} more that stay` : "";
  toast(`A new baseline of the line ${baseline.line}: ${count(pictures.length)} imported${others}.`, "success");
  document.body.dispatchEvent(new CustomEvent("scene:changed", { bubbles: true }));
  document.dispatchEvent(new CustomEvent("scene:close-dialog"));
}

function count(number) {
  return number === 1 ? "1 picture" : `${number} pictures`;
}

function checked(told, { pictures, left_out: leftOut, kept, missing }) {
  const sentence =
    `${count(pictures.length)} would be imported, ${kept} more would stay, ` +
    `and ${missing} that the batch asks for would be missing. Nothing was made yet.`;
  const lines = pictures.map(
    (each) => `${each.file}: ${each.task_name} (${each.browser}, ${each.viewport_key}, ${each.target})`,
  );
  show(told, "success", sentence, [...leftOut.map((each) => `Left out: ${each}`), ...lines]);
}

function refused(told, problem) {
  const lines = (problem.errors ?? []).map(({ field, message }) => `${field} ${message}`);
  show(told, "danger", lines.length ? "Nothing was imported:" : problem.detail, lines);
}

function show(told, level, sentence, lines = []) {
  const box = document.createElement("div");
  box.className = `alert alert-${level} mb-0`;
  box.append(sentence);
  if (lines.length) {
    const list = document.createElement("ul");
    list.className = "mb-0 mt-2 small upload-told";
    const more = lines.length > SHOWN ? [`And ${lines.length - SHOWN} more.`] : [];
    for (const line of [...lines.slice(0, SHOWN), ...more]) {
      const item = document.createElement("li");
      item.className = "text-break";
      item.textContent = line;
      list.append(item);
    }
    box.append(list);
  }
  told.replaceChildren(box);
  box.scrollIntoView({ block: "nearest" });
}
