// Bring a document to rest. Runs in the page, in one round trip; every wait is bounded by options.budgetMs.
// With options.show it only shows everything at once, and returns {reacts, asked}: whether the page reacted to that.
// Otherwise it returns {broken, walked, height, asked}: URLs of broken pictures, how far was scrolled and how far could
// be now. asked: whether the page has asked a server for something meanwhile, by script.
async (options) => {
  const own = window[Symbol.for('scene.own')]; // see before_page.js
  const end = own.now() + options.budgetMs;
  const askedBefore = own.asked;
  const pause = (ms) => new Promise((resolve) => own.setTimeout(resolve, ms));
  const bounded = (promise) => Promise.race([promise, pause(Math.max(0, end - own.now()))]);
  // Until a frame has been drawn and its observers have been told. The time-out is for pages whose frames are throttled:
  // long at first, since a busy machine takes its time for a frame, and what no frame has shown no observer has seen.
  let patienceMs = 1000;
  const frame = () => new Promise((resolve) => {
    const timer = own.setTimeout(() => { patienceMs = 100; resolve(); }, patienceMs);
    own.requestAnimationFrame(() => own.onceObserved(() => { own.clearTimeout(timer); own.setTimeout(resolve); }));
  });
  const page = document.scrollingElement ?? document.documentElement;
  const FRAMES_IN_ONE_WALK = 200;
  const SCROLLERS = 10;
  const FRAMES = new Set(['iframe', 'frame', 'object', 'embed']);

  const addStyle = (rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet); };
  };

  // The page itself, and boxes in it that scroll and are large enough to hold content: menus and code are walked too.
  const scrollers = () => {
    // Where the root element says nothing of it, what the body says is said of the page.
    const body = getComputedStyle(document.documentElement).overflowY === 'visible' ? document.body : null;
    const inner = own.all('*').filter((element) =>
      element !== page && element !== body && element.clientHeight >= 100 &&
      element.scrollHeight > element.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(element).overflowY));
    const largest = inner.sort((one, other) => other.clientHeight * other.clientWidth - one.clientHeight * one.clientWidth);
    return [...(page.scrollHeight > innerHeight + 1 ? [page] : []), ...largest.slice(0, SCROLLERS)];
  };
  // Whether the page could do anything when it is scrolled. What is in frames may, and is not asked.
  const attends = () =>
    own.attends || window.onscroll || document.onscroll || scrollers().some((scroller) => scroller.onscroll) ||
    own.all('*').some((element) => FRAMES.has(element.localName) || getComputedStyle(element).contentVisibility === 'auto');
  const heights = (found) => found.reduce((sum, each) => sum + each.scrollHeight, 0);

  // Shrunk to a third of the window every element is in view at once, away from its edges: observers fire and
  // rectangles are inside the window, as if somebody had scrolled through it all, within two frames. Layout does not
  // change, and nothing is painted.
  const showEverything = async () => {
    const scale = Math.min(0.02, innerHeight / 3 / page.scrollHeight);
    const undo = addStyle(
      `html{transform:translate(${innerWidth / 3}px,${innerHeight / 3}px) scale(${scale})!important;` +
      'transform-origin:0 0!important;opacity:0!important;transition:none!important}',
    );
    await frame();
    window.dispatchEvent(new Event('scroll'));
    document.dispatchEvent(new Event('scroll'));
    await frame();
    undo();
  };

  // What a loader has left: it waits for somebody who stays longer.
  const waiting = () =>
    own.all('[data-src],[data-srcset],[data-original],[data-lazy],[data-lazy-src],[data-bg]').filter((element) =>
      element instanceof HTMLImageElement ? !element.currentSrc || element.currentSrc.startsWith('data:') : !element.style.backgroundImage);

  const goTo = (scroller, top) => scroller.scrollTo({ top, left: scroller.scrollLeft, behavior: 'instant' });

  // One frame for each window height, to the end as it is now; nothing that reacts is passed by faster.
  const walk = async (scroller, reacts) => {
    const height = scroller.scrollHeight;
    const stride = Math.max(scroller.clientHeight * (reacts() ? 1 : 4), height / FRAMES_IN_ONE_WALK);
    for (let top = 0; top < height - scroller.clientHeight && own.now() < end; top += stride) {
      goTo(scroller, top);
      await frame();
    }
    goTo(scroller, height);
    await frame();
    if (reacts()) await pause(50); // what was appended may ask for more
  };

  const hurry = () => { for (const element of own.all('[loading=lazy]')) element.loading = 'eager'; };
  // What is shown as the page is scrolled, and may be hidden again once it is back (whole_page.py): what was dim below
  // the window and is changed, and what is changed there on the way back.
  const shown = (document[Symbol.for('scene.shown')] ??= new Set());
  const isBelow = (element) => element.getBoundingClientRect().top >= innerHeight;
  const THROTTLED_MS = 150; // who listens to scrolling often does so ten times a second
  let changes = 0;
  const observer = new MutationObserver(() => { changes += 1; });
  const observe = () => observer.observe(document, { subtree: true, childList: true, attributes: true });

  const show = async () => {
    hurry();
    if (page.scrollHeight <= innerHeight + 1) return false;
    await frame(); // what has arrived is dealt with
    if (!attends()) return false;
    observe();
    await showEverything();
    observer.disconnect();
    if (changes) await frame(); // what is out of the window again may be hidden again
    return changes > 0;
  };

  const loadLazy = async () => {
    hurry();
    const found = scrollers();
    const walked = heights(found);
    if (walked <= options.walked || !attends()) return walked;
    observe();
    const dim = new Set(own.dim(own.all('*').filter(isBelow)));
    const noteShown = new MutationObserver((records) => { for (const { target } of records) if (dim.has(target)) shown.add(target); });
    const attributes = { subtree: true, attributes: true };
    noteShown.observe(document, attributes);
    const starts = found.map((scroller) => [scroller, scroller.scrollTop]);
    for (const scroller of found) await walk(scroller, () => changes > 0 || options.reacts);
    for (const element of waiting().slice(0, 30)) {
      if (own.now() > end) break;
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      await pause(150);
    }
    observer.disconnect();
    if (dim.size) await pause(THROTTLED_MS);
    noteShown.disconnect();
    const noteReturn = new MutationObserver((records) => { for (const { target } of records) if (isBelow(target)) shown.add(target); });
    noteReturn.observe(document, attributes);
    for (const [scroller, top] of starts.reverse()) goTo(scroller, top);
    await frame();
    if (shown.size) await pause(THROTTLED_MS);
    noteReturn.disconnect();
    return walked;
  };

  if (!page) return options.show ? { reacts: false, asked: false } : { broken: [], walked: 0, height: 0, asked: false };
  if (options.show) return { reacts: await show(), asked: own.asked > askedBefore };
  const walked = options.loadLazy ? await loadLazy() : 0;
  const pictures = own.all('img');
  await bounded(document.fonts.ready);
  await bounded(Promise.allSettled(pictures.map((image) => image.decode())));
  const broken = pictures.filter((image) => image.currentSrc && !image.naturalWidth).map((image) => image.currentSrc.slice(0, 2000));
  return {
    broken: [...new Set(broken)].slice(0, 50),
    walked,
    height: options.loadLazy ? heights(scrollers()) : 0,
    asked: own.asked > askedBefore,
  };
}
