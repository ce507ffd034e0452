// Short messages in the corner, read out by screen readers (#toasts is a live region).
//
// The server sends one with the header  HX-Trigger: {"scene:toast": {"message": "Saved.", "level": "success"}}.
// Errors stay until they are closed; the same message is never shown twice at once (a polling panel repeats itself).
import Toast from "bootstrap/js/src/toast.js";

const LEVELS = {
  success: "text-bg-success",
  info: "text-bg-primary",
  warning: "text-bg-warning",
  error: "text-bg-danger",
};

export function toast(message, level = "info") {
  const container = document.getElementById("toasts");
  const template = document.getElementById("toast-template");
  if ([...container.querySelectorAll(".toast-body")].some((body) => body.textContent === message)) return;
  const element = template.content.firstElementChild.cloneNode(true);
  element.classList.add(LEVELS[level] ?? LEVELS.info);
  element.querySelector(".toast-body").textContent = message;
  element.addEventListener("hidden.bs.toast", () => element.remove());
  container.append(element);
  new Toast(element, { autohide: level !== "error", delay: 6000 }).show();
}

function problemSentence(request) {
  try {
    const problem = JSON.parse(request.responseText);
    return problem.detail ?? problem.title;
  } catch {
    return undefined;
  }
}

export function startToasts() {
  document.addEventListener("scene:toast", ({ detail }) => toast(detail.message ?? detail.value, detail.level));
  document.addEventListener("htmx:responseError", ({ detail }) => {
    const sentence = problemSentence(detail.xhr);
    toast(sentence ?? `The server answered ${detail.xhr.status}: nothing was changed on this page.`, "error");
  });
  document.addEventListener("htmx:sendError", () => toast("The server cannot be reached.", "error"));
}
