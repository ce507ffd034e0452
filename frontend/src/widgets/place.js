// Where the reader is, in the bar above: also when a page came without a new bar, after something was saved or started.
export function showPlace() {
  const { nav } = document.getElementById("main").dataset;
  for (const link of document.querySelectorAll(".scene-navbar [data-nav]")) {
    const here = link.dataset.nav === nav;
    link.classList.toggle("active", here);
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
