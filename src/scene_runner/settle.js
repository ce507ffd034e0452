// Bring a page to rest. Runs in the page, in one round trip; every wait is bounded by options.budgetMs.
async (options) => {
  const end = performance.now() + options.budgetMs;
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const bounded = (promise) => Promise.race([promise, pause(Math.max(0, end - performance.now()))]);
  // The time-out is for pages whose frames are throttled.
  const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); setTimeout(resolve, 100); });
  const root = document.documentElement;

  const addStyle = (rules) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet); };
  };

  // Shrunk to a fiftieth every element is in view at once: observers fire and rectangles are inside the window, as
  // if somebody had scrolled through it all, within two frames instead of one for each window height. Layout does
  // not change, and nothing is painted.
  const showEverything = async () => {
    const undo = addStyle(
      'html{transform:scale(.02)!important;transform-origin:0 0!important;opacity:0!important;transition:none!important}',
    );
    await frame();
    window.dispatchEvent(new Event('scroll'));
    document.dispatchEvent(new Event('scroll'));
    await frame();
    undo();
  };

  // Loaders that count scrolled pixels are content when the end has been reached once.
  const visitTheEnd = async () => {
    const { scrollX, scrollY } = window;
    window.scrollTo({ left: scrollX, top: root.scrollHeight, behavior: 'instant' });
    await frame();
    window.scrollTo({ left: scrollX, top: scrollY, behavior: 'instant' });
    await frame();
  };

  const innerScroller = () => {
    let element = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
    for (; element && element !== root && element !== document.body; element = element.parentElement) {
      const scrolls = /auto|scroll/.test(getComputedStyle(element).overflowY);
      if (scrolls && element.scrollHeight > element.clientHeight + 1) return element;
    }
    return null;
  };

  const walkThrough = async (scroller) => {
    const start = scroller.scrollTop;
    for (let top = 0; top < scroller.scrollHeight && performance.now() < end; top += scroller.clientHeight) {
      scroller.scrollTo({ top, behavior: 'instant' });
      await frame();
    }
    scroller.scrollTo({ top: start, behavior: 'instant' });
    await frame();
  };

  const loadLazy = async () => {
    for (const element of document.querySelectorAll('[loading=lazy]')) element.loading = 'eager';
    if (root.scrollHeight > innerHeight + 1) {
      await showEverything();
      await visitTheEnd();
    } else {
      const scroller = innerScroller();
      if (scroller) await walkThrough(scroller);
    }
  };

  if (options.loadLazy) await loadLazy();
  await bounded(document.fonts.ready);
  await bounded(Promise.allSettled([...document.images].map((image) => image.decode())));
  const broken = [...document.images].filter((image) => image.currentSrc && !image.naturalWidth);
  return [...new Set(broken.map((image) => image.currentSrc.slice(0, 2000)))].slice(0, 50);
}
