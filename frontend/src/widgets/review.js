// Decide on pictures in the viewer: templates/review/_review.html. The server answers with what stands then; when
// somebody else was first, with what that one decided.
import { toast } from "./toasts.js";

const SAID = { approved: "Approved", rejected: "Rejected", pending: "Taken back" };

// notes: the part of the viewer about one picture. looked: how it was looked at. Whether the decision was taken.
export async function decide(notes, decision, looked) {
  const review = notes.querySelector("[data-review]");
  if (!review) {
    toast("There is nothing to decide here.", "info");
    return false;
  }
  const comment = review.querySelector("[data-review-comment]").value.trim();
  const { review: id, version, comparison } = review.dataset;
  const headers = { "Content-Type": "application/json" };
  if (document.querySelector("[data-superseded]")) headers["X-Superseded"] = "seen";
  const body = { decision, comment, version: Number(version), looked };
  if (comparison) body.comparison_id = comparison;
  let response;
  try {
    response = await fetch(`/screenshots/${id}/review`, { method: "POST", headers, body: JSON.stringify(body) });
  } catch {
    toast("The server cannot be reached.", "error");
    return false;
  }
  const problem = response.headers.get("X-Problem");
  if (response.ok || problem) {
    const fresh = document.createElement("template");
    fresh.innerHTML = await response.text(); // from our own server, which escapes what people write
    review.replaceWith(fresh.content.firstElementChild);
  }
  if (!response.ok) {
    const told = problem ? JSON.parse(problem) : (await response.json().catch(() => ({}))).detail;
    toast(told ?? "Nothing was decided.", problem ? "warning" : "error");
    return false;
  }
  toast(`${SAID[decision]}.`, "success");
  document.body.dispatchEvent(new CustomEvent("scene:reviewed"));
  return true;
}

export function decisionOf(notes) {
  return notes.querySelector("[data-review]")?.dataset.decision;
}
