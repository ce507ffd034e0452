// The viewer of pictures, for one execution and for all of a run: templates/viewer/_viewer.html.
//
// The page gives the list of pictures (data-pictures, see web/viewer_models.py); the state is in the address.
import Modal from "bootstrap/js/src/modal.js";

import { framesOf } from "./viewer_align.js";
import { startDragging } from "./viewer_drag.js";
import { actionOf, listKeys } from "./viewer_keys.js";
import { Loupe } from "./viewer_loupe.js";
import { decide, decideMany, decisionOf, refreshDecisions } from "./review.js";
import { MaskTool } from "./viewer_mask.js";
import { panesOf } from "./viewer_modes.js";
import { preload } from "./viewer_preload.js";
import { Stage } from "./viewer_stage.js";
import { addressWith, keepWayBack, readState, wayBack, writeState } from "./viewer_state.js";
import { press, pressOne, regionsOf, showTools } from "./viewer_tools.js";
import { Trial } from "./viewer_trial.js";

const STEPS = [0.02, 0.05, 0.1, 0.25, 0.33, 0.5, 0.67, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16];
const WRITE_AFTER_MS = 200; // browsers refuse an address that changes with every scrolled pixel
const WITHOUT_PICTURE = ["previous", "next", "help", "leave", "review", "many"]; // what can be done where a picture was swept away
const OF_SCREENSHOTS = ["mask", "review", "many", "tolerance"]; // what cannot be done with the pictures of two baselines
const CHANGES = ["mask", "review", "many"]; // what those who may only read cannot do

class Viewer {
  constructor(root) {
    this.root = root;
    this.pictures = JSON.parse(root.dataset.pictures);
    this.state = readState(this.pictures);
    this.marked = true;
    this.stage = new Stage(this.part("stage"), () => this.#moved());
    this.help = new Modal(this.part("help"));
    this.loupe = new Loupe(this.part("loupe"), this.part("stage"));
    this.mask = new MaskTool(this.part("mask"), this.part("stage"), (box) => this.stage.markNewMask(box), () => this.show());
    this.trial = new Trial(this.part("trial"), (tolerance) => this.#change({ tolerance, mode: "diff" }), () => this.show());
    this.mix = this.part("mix").querySelector("input");
    this.refused = [...("ofBaselines" in root.dataset ? OF_SCREENSHOTS : []), ...("readOnly" in root.dataset ? CHANGES : [])];
    listKeys(this.part("keys"), this.refused);
    this.part("tools").hidden = false;
    this.#listen();
    this.show();
    new ResizeObserver(() => this.#resized()).observe(this.part("stage"));
  }

  part(name) {
    return this.root.querySelector(`[data-viewer-${name}]`);
  }

  get picture() {
    return this.pictures[this.state.index];
  }

  get against() {
    const { against } = this.picture;
    return against.find((each) => each.kind === this.state.kind) ?? against[0];
  }

  #listen() {
    this.root.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      const { viewerDo, viewerMode, viewerZoom, viewerKind, reviewDo, reviewMany, reviewAs } = button.dataset;
      if (reviewDo) this.act(`review:${reviewDo}`);
      if (reviewMany) this.act(`many:${reviewMany}:${reviewAs}`);
      if (viewerDo) this.act(viewerDo);
      if (viewerMode) this.act(`mode:${viewerMode}`);
      if (viewerZoom) this.act(`zoom:${viewerZoom}`);
      if (viewerKind) this.#change({ kind: viewerKind });
    });
    this.part("choice")?.addEventListener("change", ({ target }) => this.#change({ index: Number(target.value) }));
    this.mix.addEventListener("input", () => this.#setMix(this.mix.valueAsNumber));
    this.part("stage").addEventListener("viewer:mix", ({ detail }) => this.#setMix(detail));
    startDragging(this.part("stage"), (direction) => this.#zoomBy(direction));
  }

  act(action) {
    const [verb, value, decision = "approved"] = action.split(":");
    if (this.stage.panes.length === 0 && !WITHOUT_PICTURE.includes(verb)) return;
    if (this.refused.includes(verb)) return;
    const deeds = {
      previous: () => this.#step(-1),
      next: () => this.#step(1),
      mode: () => this.#setMode(value),
      kind: () => this.#otherKind(),
      zoom: () => this.#setZoom(value),
      larger: () => this.#zoomBy(1),
      smaller: () => this.#zoomBy(-1),
      pan: () => this.#pan(...value.split(",").map(Number)),
      "mix-less": () => this.#setMix(this.state.mix - 5),
      "mix-more": () => this.#setMix(this.state.mix + 5),
      "region-after": () => this.#toRegion(1),
      "region-before": () => this.#toRegion(-1),
      align: () => this.#change({ align: !this.state.align }),
      tolerance: () => this.#tryTolerance(),
      mask: () => this.#toggleMask(),
      marks: () => this.#toggleMarks(),
      loupe: () => this.#toggleLoupe(),
      review: () => this.#review(value),
      many: () => this.#reviewMany(value, decision),
      leave: () => document.activeElement.blur(),
      help: () => this.help.show(),
    };
    deeds[verb]();
  }

  // Everything anew: another picture, kind or mode.
  show() {
    const { picture, against } = this;
    const panes = panesOf(this.state.mode, picture, against);
    const frames = this.state.align ? framesOf(picture, against) : null;
    const every = [picture.observed, against?.picture, against?.diff, ...Object.values(frames ?? {})].filter(Boolean);
    const size = { width: Math.max(...every.map((each) => each.width)), height: Math.max(...every.map((each) => each.height)) };
    this.region = -1;
    this.loupe.show({ against: against?.picture, observed: picture.observed }, against?.label ?? "Baseline", frames);
    this.stage.show(panes, picture, size, frames);
    this.mask.show(picture);
    this.trial.show(picture, against, this.state.tolerance, this.state.mode === "diff");
    showTools(this.root, this.state, picture, against);
    this.say(`${picture.name}, ${this.state.index + 1} of ${this.pictures.length}: ${panes.map((pane) => pane.label).join(" and ")}`);
    this.#layOut();
    this.#write();
    preload(this.pictures, this.state, this.root.dataset.preloaded);
  }

  // Scale, place and mix of the panes that are there.
  #layOut() {
    if (this.stage.panes.length === 0) return;
    this.stage.setZoom(this.state.zoom);
    if (this.state.at) this.stage.centreOn(this.state.at);
    this.part("scale").textContent = `${Math.round(this.stage.scale * 100)} %`;
    press(this.root, "zoom", this.state.zoom);
    this.stage.setMix(this.state.mix);
    this.part("mix").hidden = !this.stage.mixes;
    this.part("mix-label").textContent = `${this.stage.mixes}: ${this.state.mix} %`;
    this.mix.value = String(this.state.mix);
  }

  #resized() {
    const width = this.part("stage").clientWidth;
    if (width === this.width) return;
    this.width = width;
    if (this.stage.isAtStart) this.state.at = null; // scrolled there, and not told yet
    this.#layOut();
  }

  #change(changes) {
    Object.assign(this.state, changes);
    this.show();
  }

  #setMode(mode) {
    if (mode === "flicker" && this.stage.flickers) {
      this.stage.stop();
      this.stage.swap();
      return;
    }
    this.#change({ mode });
  }

  #otherKind() {
    const other = this.picture.against.find((each) => each !== this.against);
    if (other) this.#change({ kind: other.kind });
  }

  #step(by) {
    const index = this.state.index + by;
    if (index >= 0 && index < this.pictures.length) {
      this.#change({ index });
      return;
    }
    if (!this.#leave(by)) this.say(by < 0 ? "This is the first picture." : "This is the last picture.");
  }

  // To the pictures before these or after them, looked at in the same way; false where there are none.
  #leave(by) {
    const { previousUrl, nextUrl } = this.root.dataset;
    const address = by < 0 ? previousUrl && (wayBack() ?? previousUrl) : nextUrl;
    if (!address) return false;
    this.writeNow();
    if (by > 0) keepWayBack(address);
    location.assign(addressWith(address, this.state));
    return true;
  }

  // Decide on the picture, then on to the next one that waits for a decision. One decision at a time: a key that is
  // pressed twice decides once.
  async #review(decision) {
    if (this.deciding) return;
    this.deciding = true;
    const done = await decide(this.#notes[this.state.index], decision, this.#looked);
    this.deciding = false;
    if (done && decision !== "pending") this.#toUndecided();
  }

  // Several at once; what else is on this page shows it too.
  async #reviewMany(scope, decision) {
    if (this.deciding) return;
    this.deciding = true;
    const done = await decideMany(this.root, this.#notes[this.state.index], scope, decision, this.#looked);
    this.deciding = false;
    if (done && decision !== "pending") this.#toUndecided();
  }

  get #notes() {
    return [...this.root.querySelectorAll("[data-viewer-notes]")];
  }

  get #looked() {
    const { mode, zoom } = this.state;
    return { mode, against: this.against?.kind ?? "", zoom: String(zoom) };
  }

  #toUndecided() {
    const every = this.#notes;
    const waits = (index) => decisionOf(every[index]) === "pending";
    const order = every.map((_, by) => (this.state.index + by) % every.length);
    const next = order.find(waits);
    if (next !== undefined) this.#change({ index: next, at: null });
    else if (!this.#leave(1)) this.say("Everything here is decided.");
  }

  #setZoom(zoom) {
    this.state.at = this.stage.centre;
    this.state.zoom = zoom;
    this.#layOut();
    this.#write();
  }

  #zoomBy(direction) {
    const now = this.stage.scale;
    const next = direction > 0 ? STEPS.find((step) => step > now * 1.01) : STEPS.findLast((step) => step < now * 0.99);
    if (next) this.#setZoom(next);
  }

  #setMix(percent) {
    this.state.mix = Math.min(100, Math.max(0, percent));
    this.#layOut();
    this.#write();
  }

  #toRegion(by) {
    const regions = regionsOf(this.against);
    if (regions.length === 0) return;
    const start = by > 0 ? 0 : regions.length - 1;
    this.region = this.region < 0 ? start : (this.region + by + regions.length) % regions.length;
    const region = regions[this.region];
    this.stage.markRegion(region);
    this.part("stage").scrollIntoView({ block: "nearest" });
    this.say(
      `Region ${this.region + 1} of ${regions.length}: ${region.width} × ${region.height} px at (${region.x}, ${region.y})`,
    );
  }

  #toggleMarks() {
    this.marked = !this.marked;
    this.part("stage").classList.toggle("viewer-unmarked", !this.marked);
    pressOne(this.root, "marks", this.marked);
  }

  #toggleLoupe() {
    this.loupe.toggle(this.stage.centre);
    pressOne(this.root, "loupe", this.loupe.open);
  }

  // Drawn in the rows of the pages themselves.
  #toggleMask() {
    const region = regionsOf(this.against)[this.region];
    if (this.state.align) this.#change({ align: false });
    this.mask.toggle(this.picture, region);
    pressOne(this.root, "mask", this.mask.open);
  }

  #tryTolerance() {
    this.#setMode("diff");
    this.trial.focus();
  }

  // The view; with the loupe, by one pixel what that looks at.
  #pan(x, y) {
    if (this.loupe.open) this.loupe.moveBy(x, y);
    else this.stage.pan(x, y);
  }

  #moved() {
    this.state.at = this.stage.isAtStart ? null : this.stage.centre;
    this.#write();
  }

  say(sentence) {
    this.part("said").textContent = sentence;
  }

  #write() {
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.writeNow(), WRITE_AFTER_MS);
  }

  writeNow() {
    clearTimeout(this.writing);
    const { picture, pictures, root } = this;
    const first = pictures.find((each) => each.execution === picture.execution) === picture;
    writeState(this.state, picture, "ofRun" in root.dataset, first);
  }
}

let current = null; // at most one on a page

document.addEventListener("keydown", (event) => {
  const action = current?.root.isConnected ? actionOf(event) : null;
  if (!action) return;
  event.preventDefault();
  current.act(action);
});
const shown = () => (current?.root.isConnected ? current : null);
document.addEventListener("scene:decided", () => shown() && refreshDecisions(shown().root));
document.addEventListener("scene:policy-changed", () => shown()?.part("again")?.removeAttribute("hidden"));
window.addEventListener("pagehide", () => current?.root.isConnected && current.writeNow());

export function startViewer(loaded) {
  const root = loaded.matches?.("[data-viewer]") ? loaded : loaded.querySelector("[data-viewer]");
  if (root && current?.root !== root) current = new Viewer(root);
}
