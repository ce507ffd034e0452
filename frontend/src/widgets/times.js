// <time datetime="2026-01-31T12:00:00Z"> shows the reader's local time; its title keeps UTC.
// Without scripts the UTC text that the server wrote stays.

const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function showLocalTimes(root) {
  const inside = [...root.querySelectorAll("time[datetime]")];
  for (const element of root.matches?.("time[datetime]") ? [root, ...inside] : inside) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    element.title = `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
    element.textContent = local.format(at);
  }
}
