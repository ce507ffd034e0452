// What each mode shows: panes beside each other, each with layers of pictures, the first one lowest. side: whose
// rows and columns its places are in.
//
// picture: an entry of the page's list; against: what it was compared with, or undefined. A mode that lacks one of its
// pictures gives no panes.

const observedPane = (picture, against) => ({
  label: picture.observed_label,
  side: "observed",
  layers: [{ ...picture.observed, side: "observed", label: picture.observed_label, role: "base" }],
  against,
});

const againstPane = (against) => ({
  label: against.label,
  side: "against",
  layers: [{ ...against.picture, side: "against", label: against.label, role: "base" }],
  against,
});

function both(role, label) {
  return (picture, against) => {
    if (!picture.observed || !against?.picture) return [];
    const pane = againstPane(against);
    pane.label = label(against.label, picture.observed_label);
    pane.side = "observed";
    pane.layers.push({ ...picture.observed, side: "observed", label: picture.observed_label, role });
    return [pane];
  };
}

// With another tolerance that was tried, what was found with that.
function drawn(picture, against) {
  const diff = against?.tried?.diff ?? against?.diff;
  if (!diff) return [];
  const layer = { ...diff, side: "observed", label: "Diff", role: "base" };
  return [{ label: "Diff", side: "observed", layers: [layer], against }];
}

function overlay(picture, against) {
  if (!against?.heatmap) return [];
  const pane = observedPane(picture, against);
  pane.label = "Heatmap";
  pane.layers[0].role = "faded";
  pane.layers.push({ ...against.heatmap, side: "observed", label: "Heatmap", role: "over" });
  return [pane];
}

export const MODES = {
  side: (picture, against) =>
    picture.observed && against?.picture ? [againstPane(against), observedPane(picture, against)] : [],
  slider: both("slider", (label, observed) => `${label} left, ${observed.toLowerCase()} right`),
  onion: both("onion", (label, observed) => `${observed} over ${label.toLowerCase()}`),
  flicker: both("flicker", (label, observed) => `${label} and ${observed.toLowerCase()} in turn`),
  against: (picture, against) => (against?.picture ? [againstPane(against)] : []),
  observed: (picture, against) => (picture.observed ? [observedPane(picture, against)] : []),
  diff: drawn,
  heatmap: overlay,
};

// Panes of the mode, or of the first other one that there are pictures for.
export function panesOf(mode, picture, against) {
  for (const each of [mode, "observed", "against"]) {
    const panes = MODES[each](picture, against);
    if (panes.length > 0) return panes;
  }
  return [];
}
