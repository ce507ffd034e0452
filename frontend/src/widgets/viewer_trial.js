// Another tolerance, tried by the server on both stored pictures: the diff is drawn anew, and nothing is kept.
import htmx from "htmx.org/dist/htmx.esm.js";

const ASK_AFTER_MS = 150; // while the slider still moves, no question is worth an answer

export class Trial {
  // element: templates/viewer/_trial.html; asked(tolerance): a person moved the slider; found(): there is an answer
  constructor(element, asked, found) {
    this.element = element;
    this.found = found;
    this.slider = element.querySelector("input");
    this.slider.addEventListener("input", () => asked(this.slider.valueAsNumber));
    this.save?.addEventListener("click", () => {
      const values = { tolerance: this.slider.value };
      htmx.ajax("POST", `/screenshots/${this.picture.id}/tolerance`, { values, swap: "none" });
    });
  }

  part(name) {
    return this.element.querySelector(`[data-trial-${name}]`);
  }

  // Null for those who may only read.
  get save() {
    return this.part("save");
  }

  // against: what the picture is compared with; tolerance: what is to be tried, or null for the policy's own; drawn:
  // whether the diff is looked at
  show(picture, against, tolerance, drawn) {
    Object.assign(this, { picture, against });
    const possible = drawn && against?.tolerance != null && against.diff !== null;
    this.element.hidden = !possible;
    if (!possible) return;
    const tried = tolerance ?? against.tolerance;
    this.slider.value = String(tried);
    this.part("value").textContent = tried.toFixed(2);
    if (this.save) this.save.hidden = tried === against.tolerance;
    if (tried === against.tolerance) this.#settle(null);
    else if (against.tried?.tolerance === tried) this.#tell(against.tried.told);
    else if (this.asked?.against !== against || this.asked.tolerance !== tried) this.#askSoon(tried);
  }

  focus() {
    this.slider.focus();
  }

  #tell(sentence) {
    this.part("told").textContent = sentence;
  }

  #settle(tried) {
    this.#stop();
    this.#tell(tried?.told ?? "as the run compared");
    if (!tried && !this.against.tried) return;
    this.against.tried = tried;
    this.found();
  }

  #stop() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.asked = null;
  }

  #askSoon(tolerance) {
    this.#stop();
    this.asked = { against: this.against, tolerance };
    this.#tell("comparing …");
    this.waiting = setTimeout(() => this.#ask(tolerance), ASK_AFTER_MS);
  }

  async #ask(tolerance) {
    const { picture, against } = this;
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const response = await fetch(`/screenshots/${picture.id}/trial?against=${against.kind}&tolerance=${tolerance}`, { signal });
      if (!response.ok) throw new Error(String(response.status));
      const found = await response.json();
      if (this.against === against && !signal.aborted) this.#settle({ ...found, tolerance });
    } catch (error) {
      if (error.name !== "AbortError") this.#tell("It could not be compared: a picture may be gone.");
    }
  }
}
