// What is looked at, and how: kept in the address, so that a reload, a link to a colleague and going back show the same.
//
//   execution, target  which picture (the first one of the page when they are not given)
//   against            baseline or reference
//   mode               a name of viewer_modes.js
//   zoom               fit, width, pixels, or percent
//   at                 x,y: the pixel of the picture in the middle of the view
//   mix                0 to 100: how much of the observed picture the slider or the onion skin shows
//   align              1: both pages in one frame (viewer_align.js)
//   tolerance          0 to 1: what is tried in the place of the policy's
import { MODES } from "./viewer_modes.js";

const NARROW = "(width < 576px)"; // two pages beside each other would be too small to see anything
const DEFAULTS = { mode: matchMedia(NARROW).matches ? "slider" : "side", zoom: "width", mix: "50" };
const ZOOMS = ["fit", "width", "pixels"];
export const SMALLEST = 0.02;
export const LARGEST = 16;

const within = (number, low, high) => Math.min(high, Math.max(low, number));

function zoomOf(text) {
  if (text === null || ZOOMS.includes(text)) return text ?? DEFAULTS.zoom;
  const percent = Number.parseFloat(text);
  return Number.isFinite(percent) ? within(percent / 100, SMALLEST, LARGEST) : DEFAULTS.zoom;
}

function pointOf(text) {
  const [x, y] = (text ?? "").split(",").map(Number);
  return text && Number.isFinite(x) && Number.isFinite(y) ? { x, y } : null;
}

function toleranceOf(text) {
  const tolerance = Number.parseFloat(text);
  return Number.isFinite(tolerance) ? within(tolerance, 0, 1) : null;
}

function indexOf(query, pictures) {
  const execution = query.get("execution");
  const target = query.get("target");
  const ofExecution = (each) => !execution || each.execution === execution;
  const exact = pictures.findIndex((each) => ofExecution(each) && (!target || each.target === target));
  return Math.max(0, exact >= 0 ? exact : pictures.findIndex(ofExecution));
}

// The state that the address asks for. What it does not say, or says wrongly, is as at first.
export function readState(pictures) {
  const query = new URLSearchParams(location.search);
  const mix = Number.parseInt(query.get("mix") ?? DEFAULTS.mix, 10);
  return {
    index: indexOf(query, pictures),
    kind: query.get("against"),
    mode: Object.hasOwn(MODES, query.get("mode") ?? "") ? query.get("mode") : DEFAULTS.mode,
    zoom: zoomOf(query.get("zoom")),
    at: pointOf(query.get("at")),
    mix: Number.isFinite(mix) ? within(mix, 0, 100) : 50,
    align: query.get("align") === "1",
    tolerance: toleranceOf(query.get("tolerance")),
  };
}

// How it is looked at, without which picture: what another page takes over.
function manner(state) {
  const zoom = typeof state.zoom === "number" ? String(Math.round(state.zoom * 1000) / 10) : state.zoom;
  const values = {
    against: state.kind,
    mode: state.mode,
    zoom,
    mix: String(state.mix),
    at: state.at ? `${Math.round(state.at.x)},${Math.round(state.at.y)}` : null,
    align: state.align ? "1" : null,
    tolerance: state.tolerance === null ? null : String(state.tolerance),
  };
  return Object.entries(values).map(([name, value]) => [name, value === DEFAULTS[name] ? null : value]);
}

export function addressWith(address, state) {
  const url = new URL(address, location.href);
  for (const [name, value] of manner(state)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url;
}

// A run's pictures are read onward, by cursor. The way back is where this tab came from: the last picture of the page
// before, and not the first of all.
const wayTo = (address) => `scene-before ${new URL(address, location.href).searchParams.get("cursor")}`;

export function keepWayBack(address) {
  sessionStorage.setItem(wayTo(address), location.href);
}

export function wayBack() {
  return sessionStorage.getItem(wayTo(location.href));
}

export function writeState(state, picture, ofRun, first) {
  const url = addressWith(location.href, state);
  if (ofRun) url.searchParams.set("execution", picture.execution);
  if (first) url.searchParams.delete("target");
  else url.searchParams.set("target", picture.target);
  url.searchParams.sort(); // the same state always has the same address
  url.search = url.searchParams.toString().replaceAll("%2C", ",");
  history.replaceState(history.state, "", url);
}
