// Runs in every document before any script of the page. Changes nothing until the document is to be still (still.js).
() => {
  if (window[Symbol.for('scene.own')]) return;

  const Observer = IntersectionObserver;
  const { observe } = Observer.prototype;
  // What Scene's own scripts go by, whatever the page puts in the place of these.
  const own = {
    setTimeout: window.setTimeout.bind(window),
    clearTimeout: window.clearTimeout.bind(window),
    requestAnimationFrame: window.requestAnimationFrame.bind(window),
    now: performance.now.bind(performance),
    // The timers that go on, each with its delay in milliseconds and the moment at which it was called last, or set.
    rhythms: new Map(),
    moment: 0, // as still.js was told it last
    // Whether the page has asked for anything by which it could notice what is in its window, or go by it. Of what it
    // has asked before this script nothing is known.
    attends: document.readyState !== 'loading',
    asked: 0, // how often the page has asked a server for something by script

    // Every shadow root has a style, animations and elements of its own.
    roots: (root) =>
      [root, ...[...root.querySelectorAll('*')].flatMap((element) => (element.shadowRoot ? own.roots(element.shadowRoot) : []))],
    all: (selector) => own.roots(document).flatMap((root) => [...root.querySelectorAll(selector)]),
    // What an element is laid out in.
    around: (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host,
    // Which of these cannot be seen, or will not be once they have faded out.
    dim: (elements) => {
      const ends = new Map();
      for (const { effect, transitionProperty } of own.roots(document).flatMap((root) => root.getAnimations())) {
        if (!/^(opacity|visibility)$/.test(transitionProperty) || effect.pseudoElement) continue;
        ends.set(effect.target, { ...ends.get(effect.target), [transitionProperty]: effect.getKeyframes().at(-1)[transitionProperty] });
      }
      return elements.filter((element) => {
        const { opacity, visibility } = getComputedStyle(element);
        const end = ends.get(element);
        return (end?.opacity ?? opacity) < 0.05 || (end?.visibility ?? visibility) === 'hidden';
      });
    },
    // Calls back when all observers have been told of what is in the window: Firefox tells them after the frame.
    onceObserved: (call) => {
      const observer = new Observer(() => { observer.disconnect(); call(); });
      observe.call(observer, document.documentElement);
    },
  };
  Object.defineProperty(window, Symbol.for('scene.own'), { value: own });
  const still = () => document[Symbol.for('scene.still')];
  const held = () => still() || document[Symbol.for('scene.held')];

  // A capture of what is out of view resizes the window for a moment, to 1 by 1 pixel at times, and back. Sliders that
  // are built anew on every resize must not hear of it; listeners of the window are called in the order they came.
  window.addEventListener('resize', (event) => {
    const state = still();
    const size = `${innerWidth}x${innerHeight}`;
    if (!state || !event.isTrusted) return;
    if (size === '1x1' || size === state.size) event.stopImmediatePropagation();
    else state.size = size;
  });

  // An ordinary Firefox shows a dialog, and waits.
  window.print = () => {};

  const heed = (owner, name, note) => {
    const original = owner[name];
    owner[name] = function heeded(...given) { note(...given); return original.apply(this, given); };
  };
  const attends = () => { own.attends = true; };
  heed(EventTarget.prototype, 'addEventListener', (type) => { if (/^(scroll|contentvisibility)/.test(type)) attends(); });
  heed(IntersectionObserver.prototype, 'observe', attends);
  heed(window, 'requestAnimationFrame', attends);
  heed(window, 'setInterval', attends);
  heed(window, 'setTimeout', (_, delay) => { if (delay > 0) attends(); }); // it may set itself again
  const asks = () => { own.asked += 1; };
  heed(XMLHttpRequest.prototype, 'send', asks);
  heed(window, 'fetch', (what) => { if (!/^(data|blob):/.test(what?.url ?? what)) asks(); });

  // What happens every few seconds would happen in one capture and not in the other. Faster movement is not hidden:
  // frames see it that are taken over its rhythm. What is faster than two frames needs no watching for.
  const SLOW_MS = 2000;
  const FAST_MS = 200;
  for (const name of ['setInterval', 'setTimeout']) {
    const original = window[name];
    window[name] = (handler, delay, ...values) => {
      if (!(delay >= FAST_MS)) return original(handler, delay, ...values);
      const call = typeof handler === 'function' ? handler : () => (0, eval)(String(handler));
      const slow = delay >= SLOW_MS;
      const id = original((...given) => {
        if (name === 'setTimeout') own.rhythms.delete(id);
        else if (!slow) rhythm.called = own.moment;
        if (!slow || !held()) call.apply(window, given);
      }, delay, ...values);
      const rhythm = { delay: Number(delay), called: own.moment };
      if (!slow) own.rhythms.set(id, rhythm);
      return id;
    };
  }
  for (const name of ['clearInterval', 'clearTimeout']) {
    const original = window[name];
    window[name] = (id) => { own.rhythms.delete(id); original(id); };
  }
}
