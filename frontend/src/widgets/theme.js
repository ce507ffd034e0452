// Light, dark or as the system says. The choice is kept in localStorage, for this browser only.
//
// <button data-theme-choice="light|dark|auto">; the chosen one gets aria-pressed="true" and .active.

const KEY = "scene-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

function choice() {
  try {
    return localStorage.getItem(KEY) ?? "auto";
  } catch {
    return "auto"; // storage is forbidden: follow the system
  }
}

function apply() {
  const chosen = choice();
  const dark = chosen === "dark" || (chosen !== "light" && system.matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  document.documentElement.classList.toggle("dark-mode", dark); // Swagger UI's own switch
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    const active = button.dataset.themeChoice === chosen;
    button.setAttribute("aria-pressed", String(active));
    button.classList.toggle("active", active);
  }
}

apply();
system.addEventListener("change", apply);
window.addEventListener("storage", (event) => event.key === KEY && apply());
document.addEventListener("DOMContentLoaded", apply);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  try {
    localStorage.setItem(KEY, button.dataset.themeChoice);
  } catch {
    // The choice holds only where it can be kept.
  }
  apply();
});
