// Decide on pictures in the viewer: templates/review/_review.html. The server answers with what stands then; when
// somebody else was first, with what that one decided.
import { toast } from "./toasts.js";

const SAID = { approved: "Approved", rejected: "Rejected", pending: "Taken back", alternative: "Accepted as an alternative" };
const SUPERSEDED =
  "Nothing was decided: a newer run of the same batch, line and labels is there. Review that one, or load this page again to decide here nevertheless.";

const partOf = (notes) => notes.querySelector("[data-review]");
const warned = () => document.querySelector("[data-superseded]") !== null; // that a newer run is there
const commentOf = (review) => review.querySelector("[data-review-comment]").value.trim();

async function problemOf(response) {
  const { code, detail } = await response.json().catch(() => ({}));
  return code === "superseded" ? SUPERSEDED : (detail ?? "Nothing was decided.");
}

// None when the server cannot be reached, which is said.
async function ask(address, method, body, headers = {}) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    return await fetch(address, { method, headers: { "Content-Type": "application/json", ...headers }, ...sent });
  } catch {
    toast("The server cannot be reached.", "error");
    return null;
  }
}

function replaceBy(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html; // from our own server, which escapes what people write
  for (const review of [...fresh.content.children]) document.getElementById(review.id)?.replaceWith(review);
}

function nothing() {
  toast("There is nothing to decide here.", "info");
  return false;
}

// notes: the part of the viewer about one picture. looked: how it was looked at. Whether the decision was taken.
export async function decide(notes, decided, looked) {
  const review = partOf(notes);
  if (!review) return nothing();
  const { review: id, version, comparison } = review.dataset;
  const isAlternative = decided === "alternative";
  const decision = isAlternative ? "approved" : decided;
  const body = { decision, comment: commentOf(review), version: Number(version), looked, as_alternative: isAlternative };
  if (comparison) body.comparison_id = comparison;
  const response = await ask(`/screenshots/${id}/review`, "POST", body, warned() ? { "X-Superseded": "seen" } : {});
  if (!response) return false;
  const problem = response.headers.get("X-Problem");
  if (response.ok || problem) replaceBy(await response.text());
  if (!response.ok) {
    toast(problem ? JSON.parse(problem) : await problemOf(response), problem ? "warning" : "error");
    return false;
  }
  toast(`${SAID[decided]}.`, "success");
  document.body.dispatchEvent(new CustomEvent("scene:reviewed"));
  return true;
}

// scope: execution, change (the same one), rest (of the run), or group (what was decided with this one, taken back).
export async function decideMany(root, notes, scope, decision, looked) {
  const review = partOf(notes);
  if (!review) return nothing();
  const { execution, change, group } = review.dataset;
  if (scope === "change" && !change) {
    toast("No other picture of this run changed in the same way.", "info");
    return false;
  }
  const among = { execution: { execution_id: execution }, change: { change_fingerprint: change }, rest: {} }[scope];
  const own = `/api/runs/${root.dataset.run}/reviews`;
  const response =
    scope === "group"
      ? await ask(`${own}/${group}`, "DELETE")
      : await ask(own, "POST", { decision, comment: commentOf(review), among, looked, allow_superseded: warned() });
  if (!response) return false;
  if (!response.ok) {
    toast(await problemOf(response), "error");
    return false;
  }
  const { screenshot_ids: decided, skipped } = await response.json();
  const left = skipped.length > 0 ? `, ${skipped.length} left alone (in quarantine or unstable)` : "";
  toast(`${SAID[decision]}: ${decided.length}${left}.`, "success");
  await refreshDecisions(root);
  document.body.dispatchEvent(new CustomEvent("scene:reviewed"));
  return true;
}

// What stands for every picture of the viewer.
export async function refreshDecisions(root) {
  const reviews = [...root.querySelectorAll("[data-review]")];
  if (reviews.length === 0) return;
  const query = new URLSearchParams([...new Set(reviews.map((each) => each.dataset.execution))].map((id) => ["execution", id]));
  const response = await fetch(`/runs/${root.dataset.run}/review/shown?${query}`).catch(() => null);
  if (response?.ok) replaceBy(await response.text());
}

export function decisionOf(notes) {
  return partOf(notes)?.dataset.decision;
}
