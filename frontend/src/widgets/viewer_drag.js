// A mouse moves the view by dragging, and zooms with the control key and the wheel; fingers scroll by themselves.

export function startDragging(element, zoomBy) {
  let held = null;
  element.addEventListener("pointerdown", (event) => {
    const scroll = event.target.closest(".viewer-scroll");
    if (!scroll || event.button !== 0 || event.pointerType !== "mouse" || event.defaultPrevented) return;
    const { left, top } = scroll.getBoundingClientRect();
    const onScrollbar = event.clientX - left >= scroll.clientWidth || event.clientY - top >= scroll.clientHeight;
    if (onScrollbar) return;
    held = { scroll, x: event.clientX + scroll.scrollLeft, y: event.clientY + scroll.scrollTop };
    scroll.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (!held) return;
    held.scroll.scrollTo(held.x - event.clientX, held.y - event.clientY);
  });
  for (const over of ["pointerup", "pointercancel"]) element.addEventListener(over, () => (held = null));
  element.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      zoomBy(event.deltaY < 0 ? 1 : -1);
    },
    { passive: false },
  );
}
