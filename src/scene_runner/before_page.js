// Runs in every document before any script of the page. Does nothing until the document is kept still (still.js).
() => {
  const still = () => document[Symbol.for('scene.still')];

  // A capture of what is out of view resizes the window for a moment, to 1 by 1 pixel at times, and back. Sliders that
  // are built anew on every resize must not hear of it; listeners of the window are called in the order they came.
  window.addEventListener('resize', (event) => {
    const state = still();
    const size = `${innerWidth}x${innerHeight}`;
    if (!state) return;
    if (size === '1x1' || size === state.size) event.stopImmediatePropagation();
    else state.size = size;
  });

  // What happens every few seconds would happen in one capture and not in the other. Faster movement is not hidden: two
  // frames see it.
  const SLOW_MS = 2000;
  for (const name of ['setInterval', 'setTimeout']) {
    const original = window[name];
    window[name] = (handler, delay, ...values) => {
      if (typeof handler !== 'function' || !(delay >= SLOW_MS)) return original(handler, delay, ...values);
      return original((...given) => { if (!still()) handler(...given); }, delay, ...values);
    };
  }
}
