// <scene-code language="json"><textarea ...></textarea></scene-code>: an editor in the place of the area, which stays
// the form's field. The editor is loaded when the first one is shown; until then, and without script, the area is.
class CodeArea extends HTMLElement {
  #close = null;

  async connectedCallback() {
    const { openEditor } = await import("./code-editor.js");
    if (this.isConnected && !this.#close) this.#close = openEditor(this, this.querySelector("textarea"));
  }

  disconnectedCallback() {
    this.#close?.();
    this.#close = null;
  }
}

export function startCodeAreas() {
  customElements.define("scene-code", CodeArea);
}
