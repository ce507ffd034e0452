// <time datetime="2026-01-31T12:00:00Z"> is shown as the settings say (data-times of <main>): as the reader's clock
// shows it, or in UTC; its title keeps the other. With
// data-clock it is the time of day alone, with its seconds. Without scripts the UTC text that the server wrote stays.
//
// When the settings change, the server says so with the header  HX-Trigger: {"scene:times": {"display": "utc"}}.

const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const utc = (at, length) => `${at.toISOString().slice(0, length).replace("T", " ")} UTC`;

export function showTimes(root) {
  const inUtc = document.getElementById("main")?.dataset.times === "utc";
  const inside = [...root.querySelectorAll("time[datetime]")];
  for (const element of root.matches?.("time[datetime]") ? [root, ...inside] : inside) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    if ("clock" in element.dataset) {
      element.textContent = inUtc ? at.toISOString().slice(11, 19) : clock.format(at);
      element.title = inUtc ? utc(at, 19) : local.format(at);
      continue;
    }
    element.title = inUtc ? `${local.format(at)} here` : utc(at, 19);
    element.textContent = inUtc ? utc(at, 16) : local.format(at);
  }
}

export function startTimes() {
  document.addEventListener("scene:times", ({ detail }) => {
    document.getElementById("main").dataset.times = detail.display;
    showTimes(document.body);
  });
}
