// CodeMirror in a shadow root: there its styles are adopted sheets, which the Content-Security-Policy allows, and the
// area, which has no slot, is not shown.
//
// Tab indents. Escape gives Tab back to the browser until the editor is left, and only a second Escape closes a dialog.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const LANGUAGES = { json, javascript };
const HINT = "Tab indents. Escape, then Tab leaves.";

const FRAME = new CSSStyleSheet();
FRAME.replaceSync(`
  :host { display: block; position: relative; }
  .hint {
    position: absolute; right: 1px; bottom: 1px; padding: 0 0.5rem; border-top-left-radius: var(--bs-border-radius);
    color: var(--bs-secondary-color); background: var(--bs-tertiary-bg); font-size: 0.75rem; pointer-events: none;
    display: none;
  }
  :host(:focus-within) .hint { display: block; }
`);

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.operatorKeyword], color: "var(--bs-primary-text-emphasis)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--bs-success-text-emphasis)" },
  { tag: [tags.number, tags.escape], color: "var(--bs-danger-text-emphasis)" },
  { tag: [tags.propertyName, tags.function(tags.variableName)], color: "var(--bs-info-text-emphasis)" },
  { tag: tags.comment, color: "var(--bs-secondary-color)", fontStyle: "italic" },
  { tag: tags.invalid, textDecoration: "underline wavy" },
]);

const look = (rows) =>
  EditorView.theme({
    "&": {
      color: "var(--bs-body-color)",
      backgroundColor: "var(--bs-body-bg)",
      border: "var(--bs-border-width) solid var(--bs-border-color)",
      borderRadius: "var(--bs-border-radius)",
      fontSize: "0.875rem",
    },
    "&.cm-focused": {
      outline: "none",
      boxShadow: "0 0 0 var(--bs-focus-ring-width, 0.25rem) var(--bs-focus-ring-color, rgba(13, 110, 253, 0.25))",
    },
    "&.is-invalid": { borderColor: "var(--bs-form-invalid-border-color)" },
    ".cm-scroller": { minHeight: `${rows * 1.5}em`, maxHeight: "24em", fontFamily: "var(--bs-font-monospace)", lineHeight: "1.5" },
    ".cm-content": { caretColor: "var(--bs-body-color)" },
    ".cm-gutters": {
      color: "var(--bs-secondary-color)",
      backgroundColor: "transparent",
      borderRight: "none",
    },
    "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--bs-secondary-bg)" },
  });

function tabUntilEscape() {
  let leaving = false;
  const leave = (view, on) => {
    leaving = on;
    view.setTabFocusMode(on);
  };
  return EditorView.domEventHandlers({
    keydown(event, view) {
      if (event.key === "Escape" && !leaving) {
        leave(view, true);
        event.stopPropagation();
      } else if (leaving && !["Escape", "Tab", "Shift"].includes(event.key)) leave(view, false);
    },
    blur: (_, view) => leave(view, false),
  });
}

const told = (area) => {
  const ids = (area.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean);
  return [...ids.map((id) => document.getElementById(id)?.textContent ?? ""), HINT].join(" ");
};

// Shows an editor of the area inside its element. Returns what closes it.
export function openEditor(element, area) {
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [FRAME];
  const about = Object.assign(document.createElement("span"), { id: "about", hidden: true, textContent: told(area) });
  const hint = Object.assign(document.createElement("div"), { className: "hint", textContent: HINT });
  hint.setAttribute("aria-hidden", "true");
  const label = area.labels[0];
  const invalid = area.getAttribute("aria-invalid") === "true";
  const attributes = { "aria-label": label?.textContent.trim() ?? "", "aria-describedby": "about" };
  if (invalid) attributes["aria-invalid"] = "true";
  const view = new EditorView({
    doc: area.value,
    root,
    extensions: [
      lineNumbers(),
      history(),
      indentOnInput(),
      bracketMatching(),
      EditorView.lineWrapping,
      EditorState.tabSize.of(2),
      LANGUAGES[element.getAttribute("language")](),
      syntaxHighlighting(COLOURS),
      keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
      tabUntilEscape(),
      look(area.rows),
      EditorState.readOnly.of(area.matches(":disabled")),
      EditorView.editable.of(!area.matches(":disabled")),
      EditorView.contentAttributes.of(attributes),
      EditorView.editorAttributes.of({ class: invalid ? "is-invalid" : "" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
      }),
    ],
  });
  root.replaceChildren(view.dom, about, hint);
  const focus = () => view.focus();
  label?.addEventListener("click", focus);
  return () => {
    label?.removeEventListener("click", focus);
    view.destroy();
  };
}
