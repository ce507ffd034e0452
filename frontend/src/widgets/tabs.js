// Tabs that do not all fit beside each other: the open one is in view.
export function showOpenTab(loaded) {
  const tabs = loaded.querySelector?.(".project-tabs");
  const open = tabs?.querySelector("[aria-current]");
  if (!open) return;
  const [own, around] = [open.getBoundingClientRect(), tabs.getBoundingClientRect()];
  tabs.scrollLeft += own.left - around.left - (around.width - own.width) / 2;
}
