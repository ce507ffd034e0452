// The keys of the viewer, and the sheet that lists them.

export const KEYS = [
  { keys: ["ArrowLeft"], shown: "←", action: "previous", does: "Previous picture; before the first, the previous execution" },
  { keys: ["ArrowRight"], shown: "→", action: "next", does: "Next picture; after the last, the next execution" },
  { keys: ["a"], shown: "A", action: "review:approved", does: "Approve, then on to the next undecided picture" },
  { keys: ["r"], shown: "R", action: "review:rejected", does: "Reject, then on to the next undecided picture" },
  { keys: ["e"], shown: "E", action: "many:execution", does: "Approve the whole execution" },
  { keys: ["g"], shown: "G", action: "many:change", does: "Approve everything with the same change" },
  { keys: ["y"], shown: "Y", action: "review:alternative", does: "Accept as an alternative: the baseline keeps its picture too" },
  { keys: ["u"], shown: "U", action: "review:pending", does: "Take back the decision on this picture" },
  { keys: ["p"], shown: "P", action: "mode:side", does: "Pair: side by side" },
  { keys: ["s"], shown: "S", action: "mode:slider", does: "Slider" },
  { keys: ["o"], shown: "O", action: "mode:onion", does: "Onion skin" },
  { keys: ["f"], shown: "F", action: "mode:flicker", does: "Flicker; again: swap the pictures by hand" },
  { keys: ["b"], shown: "B", action: "mode:against", does: "Baseline or reference alone" },
  { keys: ["n"], shown: "N", action: "mode:observed", does: "Observed alone: how it is now" },
  { keys: ["d"], shown: "D", action: "mode:diff", does: "Diff" },
  { keys: ["h"], shown: "H", action: "mode:heatmap", does: "Heatmap over the observed picture" },
  { keys: ["c"], shown: "C", action: "kind", does: "Compared with: the baseline or the reference" },
  { keys: ["j"], shown: "J", action: "region-after", does: "Next changed region" },
  { keys: ["k"], shown: "K", action: "region-before", does: "Previous changed region" },
  { keys: [","], shown: ",", action: "mix-less", does: "Slider or onion skin: less of the observed picture" },
  { keys: ["."], shown: ".", action: "mix-more", does: "Slider or onion skin: more of the observed picture" },
  { keys: ["+", "="], shown: "+", action: "larger", does: "Zoom in" },
  { keys: ["-"], shown: "-", action: "smaller", does: "Zoom out" },
  { keys: ["0"], shown: "0", action: "zoom:fit", does: "Zoom to the whole picture" },
  { keys: ["w"], shown: "W", action: "zoom:width", does: "Zoom to the whole width" },
  { keys: ["1"], shown: "1", action: "zoom:pixels", does: "Zoom to one pixel for one" },
  { keys: ["shift+ArrowUp"], shown: "Shift ↑ ↓ ← →", action: "pan:0,-1", does: "Move the view; with the loupe, its pixel" },
  { keys: ["shift+ArrowDown"], action: "pan:0,1" },
  { keys: ["shift+ArrowLeft"], action: "pan:-1,0" },
  { keys: ["shift+ArrowRight"], action: "pan:1,0" },
  { keys: ["v"], shown: "V", action: "align", does: "Align both pages by their inserted and removed rows" },
  { keys: ["t"], shown: "T", action: "tolerance", does: "Try another tolerance: arrow keys change it" },
  { keys: ["x"], shown: "X", action: "mask", does: "Mask an area, at first the region that is looked at" },
  { keys: ["l"], shown: "L", action: "loupe", does: "Pixel loupe: both colours" },
  { keys: ["m"], shown: "M", action: "marks", does: "Marks of regions, shifts and masks" },
  { keys: ["Escape"], shown: "Esc", action: "leave", does: "Leave the field that is typed in: then the keys count again" },
  { keys: ["?"], shown: "?", action: "help", does: "This list" },
];

export const verbOf = (action) => action.split(":")[0];

const TYPED_IN = "input, select, textarea, [contenteditable], .cm-editor";
const SLID = "input[type=range]"; // has the arrow keys, and no letters

// The action of a key event; none where it belongs to a field, a dialog or the browser.
export function actionOf(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (document.querySelector(".modal.show, dialog[open]")) return null;
  const field = event.target.closest?.(TYPED_IN);
  const left = event.key === "Escape";
  const counts = field ? left || (field.matches(SLID) && !event.key.startsWith("Arrow")) : !left;
  if (!counts) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const name = event.shiftKey && key.startsWith("Arrow") ? `shift+${key}` : key;
  return KEYS.find((each) => each.keys.includes(name))?.action ?? null;
}

// refused: actions that there are not.
export function listKeys(body, refused) {
  for (const { shown, does } of KEYS.filter((each) => each.shown && !refused.includes(verbOf(each.action)))) {
    const row = body.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    const key = document.createElement("kbd");
    key.textContent = shown;
    head.append(key);
    row.append(head);
    row.insertCell().textContent = does;
  }
}
