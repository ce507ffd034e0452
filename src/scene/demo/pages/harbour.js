// The meters of the roastery fill up once the page is there: a transition, where the rest are endless animations.
document.addEventListener("DOMContentLoaded", () => {
  requestAnimationFrame(() => document.body.classList.add("poured"));
});
