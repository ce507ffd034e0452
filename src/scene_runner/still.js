// Keep a document still: called before every frame, since movement may begin at any time. One round trip.
// Returns whether the document has changed since the call before, for how many milliseconds it has been kept still, and
// the timers that go on: their delays in milliseconds, and the options.moment at which each was called last, or set.
async (options) => {
  const own = window[Symbol.for('scene.own')]; // see before_page.js
  own.moment = options.moment;
  const state = (document[Symbol.for('scene.still')] ??= {
    since: own.now(),
    size: `${innerWidth}x${innerHeight}`, // see before_page.js too
    changes: 0,
    watched: new WeakSet(),
    started: new WeakSet(),
  });
  const pause = (ms) => new Promise((resolve) => own.setTimeout(resolve, ms));

  const finish = (animation) => {
    if (animation.timeline && animation.timeline !== document.timeline) return; // driven by scrolling, at rest
    const timing = animation.effect?.getComputedTiming();
    try {
      // What ends shows its end; what goes on for ever shows the state without it.
      if (timing && timing.endTime !== Infinity && animation.playbackRate) animation.finish();
      else animation.cancel();
    } catch {
      animation.cancel();
    }
  };

  const stopDrawing = (svg) => {
    const moving = [...svg.querySelectorAll('animate,animateTransform,animateMotion,set')];
    if (!moving.length || svg.ownerSVGElement) return;
    const endless = moving.some((each) => /indefinite/.test(each.getAttribute('repeatCount') + each.getAttribute('repeatDur')));
    svg.pauseAnimations();
    svg.setCurrentTime(endless ? 0 : 86_400);
  };

  // A picture of a film is its first one. Its poster is shown where nothing starts it.
  const rewind = async (video) => {
    if (video.autoplay || video.played.length > 0 || !video.paused) state.started.add(video);
    if (!state.started.has(video) || video.error || state.watched.has(video)) return;
    const heard = (...names) => {
      const event = new Promise((resolve) => names.forEach((name) => video.addEventListener(name, resolve, { once: true })));
      return Promise.race([event, pause(options.videoMs)]);
    };
    const { NETWORK_IDLE, NETWORK_LOADING } = HTMLMediaElement;
    if (video.readyState < 2 && [NETWORK_IDLE, NETWORK_LOADING].includes(video.networkState)) await heard('loadeddata', 'error');
    if (video.readyState < 1) return;
    // What starts it again is the page, be it while this waits below: then the next call stops it again.
    state.watched.add(video);
    video.addEventListener('play', () => state.watched.delete(video), { once: true });
    video.autoplay = false;
    video.loop = false;
    video.pause();
    if (video.currentSrc.startsWith('http')) {
      // A decoder that has started may show what lies ahead, even when it was sent back: begin anew, without starting.
      video.removeAttribute('poster');
      video.preload = 'auto';
      video.load();
      await heard('loadeddata', 'error');
    } else {
      video.currentTime = 0;
      if (video.seeking) await heard('seeked', 'error');
    }
  };

  // What Playwright itself adds for a picture in Firefox, and takes away again.
  const ours = ({ type, addedNodes, removedNodes }) =>
    type === 'childList' &&
    [...addedNodes, ...removedNodes].every((node) => node.nodeName === 'STYLE' && node.textContent === 'body {}');

  const watch = (root) => {
    if (state.watched.has(root)) return;
    state.watched.add(root);
    new MutationObserver((changes) => { if (!changes.every(ours)) state.changes += 1; })
      .observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
  };

  const everything = own.roots(document);
  if (options.freeze) {
    if (!state.style) {
      state.style = new CSSStyleSheet();
      state.style.replaceSync(':focus{caret-color:transparent!important}:root{scroll-behavior:auto!important}');
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, state.style];
    }
    everything.flatMap((root) => root.getAnimations({ subtree: true })).forEach(finish);
    everything.flatMap((root) => [...root.querySelectorAll('svg')]).forEach(stopDrawing);
    await Promise.all(everything.flatMap((root) => [...root.querySelectorAll('video')]).map(rewind));
  }
  everything.forEach(watch);
  const changed = state.changes !== state.told;
  state.told = state.changes;
  return { changed, ms: own.now() - state.since, rhythms: [...own.rhythms.values()] };
}
