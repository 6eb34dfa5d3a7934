// The map beside the list: every tick of the list is shown on the map, every tap on the map ticks the list.

const SVG = "http://www.w3.org/2000/svg";
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class LesionMap extends HTMLElement {
  connectedCallback() {
    if (this.boxes) return;
    this.boxes = new Map([...this.querySelectorAll(".lm-list input")].map((box) => [box.value, box]));
    this.views = [...this.querySelectorAll(".lm-view")];
    this.panel = this.querySelector(".lm-panel");
    for (const view of this.views) rove(items(view)[0]);
    this.addEventListener("click", (event) => this.press(event));
    this.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("pointerover", (event) => this.name(event.target));
    this.addEventListener("focusin", (event) => this.focused(event.target));
    this.addEventListener("change", (event) => this.changed(event.target));
    this.closest("form")?.addEventListener("reset", () => setTimeout(() => this.refresh()));
    this.closest("form")?.addEventListener("formdata", (event) => event.formData.delete(this.dataset.switch));
    this.show(this.querySelector(".lm-switch input:checked").value);
    this.grow();
    this.refresh();
  }

  // What is chosen

  chosen() {
    return [...this.boxes.values()].filter((box) => box.checked).map((box) => box.value);
  }

  has(site) {
    return this.boxes.get(site)?.checked || this.chosen().some((value) => value.startsWith(`${site}-`));
  }

  parts(site) {
    return [...this.boxes.keys()].filter((value) => value.startsWith(`${site}-`));
  }

  toggle(site) {
    const box = this.boxes.get(site);
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  changed(target) {
    if (target.closest(".lm-switch")) return this.show(target.value);
    if (target.closest(".lm-growth")) return this.grow();
    if (!this.boxes.has(target.value)) return;
    this.refresh();
    this.say(`${target.dataset.name}, ${target.checked ? "marked" : "not marked"}`);
  }

  refresh() {
    const chosen = new Set(this.chosen());
    for (const button of this.querySelectorAll("[data-site]")) {
      const site = button.dataset.site;
      const isBone = button.classList.contains("lm-bone");
      button.setAttribute("aria-pressed", String(isBone ? this.has(site) : chosen.has(site)));
      if (!isBone) continue;
      button.classList.toggle("lm-marked", chosen.has(site));
      button.classList.toggle("lm-within", within(button, chosen));
      clear(button, "lm-piece");
      for (const value of this.parts(site)) if (chosen.has(value)) piece(button, value.slice(site.length + 1), "lm-piece");
    }
    for (const door of this.querySelectorAll(".lm-door"))
      door.classList.toggle("lm-marked", !!this.view(door.dataset.view).querySelector('svg [aria-pressed="true"]'));
    for (const ring of this.querySelectorAll("[data-ring]")) ring.classList.toggle("lm-marked", chosen.has(ring.dataset.ring));
    for (const top of this.querySelectorAll(".lm-top")) {
      const count = top.querySelectorAll("input:checked").length;
      top.querySelector(".lm-count").textContent = count ? `${count} marked` : "";
    }
    const list = this.querySelector(".lm-chosen");
    list.replaceChildren(...[...chosen].map((value) => {
      const item = document.createElement("li");
      item.append(button(this.boxes.get(value).dataset.name, { remove: value }));
      item.firstChild.setAttribute("aria-label", `Remove ${item.textContent}`);
      return item;
    }));
    list.hidden = !chosen.size;
  }

  // Pressing

  press(event) {
    const at = event.target.closest("[data-site], [data-for], .lm-door, [data-remove], [data-done]");
    if (!at || !this.contains(at)) return;
    const { site, remove, done } = at.dataset;
    if (at.classList.contains("lm-door")) return this.show(at.dataset.view, true);
    if (remove) {
      this.toggle(remove);
      return this.querySelector(".lm-chosen button, .lm-switch input:checked")?.focus();
    }
    if (done !== undefined) return this.close();
    const bone = at.dataset.for ? this.bone(at.closest("svg"), at.dataset.for) : at;
    if (bone.classList.contains("lm-bone")) this.choose(bone, event.detail === 0);
    else this.toggle(site);
  }

  view(id) {
    return this.views.find((view) => view.dataset.view === id);
  }

  bone(svg, site) {
    return svg.querySelector(`.lm-bone[data-site="${site}"]`);
  }

  choose(bone, byKey) {
    rove(bone);
    const site = bone.dataset.site;
    this.panel.hidden = true;
    if (!this.parts(site).length) return this.toggle(site);
    this.opener = bone;
    this.panel.querySelector("legend").textContent = bone.getAttribute("aria-label");
    const buttons = [site, ...this.parts(site)].map((value) =>
      button(value === site ? "Whole bone, or part not known" : this.boxes.get(value).dataset.word, { site: value }));
    this.panel.querySelector("div").replaceChildren(...buttons, button("Done", { done: "" }));
    this.panel.hidden = false;
    this.refresh();
    if (byKey) buttons[0].focus();
    else {
      this.panel.scrollIntoView({ block: "nearest" });
      this.say(`${bone.getAttribute("aria-label")}: choose a part`);
    }
  }

  close() {
    this.panel.hidden = true;
    this.opener?.focus();
  }

  key(event) {
    if (event.key === "Escape" && !this.panel.hidden) return this.close();
    const at = event.target.closest?.(".lm-bone, .lm-door");
    if (!at) return;
    const all = items(at.closest(".lm-view"));
    if (event.key === "Enter" || event.key === " ") at.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    else if (event.key === "Home") all[0].focus();
    else if (event.key === "End") all.at(-1).focus();
    else if (WAYS[event.key]) nearest(at, all, WAYS[event.key])?.focus();
    else return;
    event.preventDefault();
  }

  focused(target) {
    if (target.matches(".lm-bone, .lm-door")) {
      rove(target);
      this.name(target);
    }
  }

  name(target) {
    const at = target.closest?.(".lm-view [data-site], .lm-view [data-for], .lm-door");
    const of = at?.dataset.for ? this.bone(at.closest("svg"), at.dataset.for) : at;
    if (of) this.querySelector(".lm-name").textContent = of.getAttribute("aria-label") || of.textContent;
  }

  say(text) {
    this.querySelector(".lm-status").textContent = text;
  }

  // Which map is shown

  show(id, move = false) {
    const shown = this.view(id);
    for (const view of this.views) {
      view.classList.toggle("lm-on", view === shown);
      view.classList.toggle("lm-beside", view.dataset.view === shown.dataset.pair);
    }
    const box = this.querySelector(`.lm-switch input[value="${id}"]`);
    if (box) box.checked = true;
    if (!move) return;
    items(shown).find((item) => item.tabIndex === 0).focus();
    this.say(`Map: ${shown.querySelector("svg").getAttribute("aria-label")}`);
  }

  // How far bones have formed at an age

  grow() {
    const [years, sex] = [".lm-age", ".lm-sex"].map((one) => this.querySelector(one)?.value);
    const months = years === "" || years === undefined ? NaN : Number(years) * 12;
    const soft = (from) => {
      const [female, male] = from.split(" ").map(Number);
      return months < ({ female, male }[sex] ?? Math.min(female, male));
    };
    for (const bone of this.querySelectorAll(".lm-bone")) {
      bone.classList.toggle("lm-unformed", soft(bone.dataset.from ?? ""));
      clear(bone, "lm-soft");
      for (const [name, from] of Object.entries(bone.dataset))
        if (/^(proximal|distal)$/.test(name) && soft(from)) piece(bone, `${name}-epiphysis`, "lm-soft");
    }
    for (const note of this.querySelectorAll(".lm-list [data-from]")) note.hidden = !soft(note.dataset.from);
  }
}

function items(view) {
  return [...view.querySelectorAll(".lm-bone, .lm-door")];
}

function rove(item) {
  for (const other of items(item.closest(".lm-view"))) other.setAttribute("tabindex", other === item ? "0" : "-1");
}

function within(bone, chosen) {
  const side = bone.dataset.site.split("-")[0];
  return (bone.dataset.in ?? "").split(" ").some((region) => chosen.has(`${side}-${region}`) || chosen.has(`midline-${region}`));
}

function button(text, data) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "lm-chip";
  made.textContent = text;
  Object.assign(made.dataset, data);
  return made;
}

function clear(bone, role) {
  for (const old of bone.querySelectorAll(`.${role}`)) old.remove();
}

function piece(bone, part, role) {
  const shape = bone.querySelector(".lm-shape");
  const clip = `${bone.ownerSVGElement.dataset.ids}${bone.dataset.site.split("-")[1]}-${part}`;
  if (!document.getElementById(clip)) return;
  const hatch = bone.querySelector(".lm-hatch").getAttribute("fill");
  for (const fill of role === "lm-piece" ? [hatch, ""] : [""]) {
    const made = document.createElementNS(SVG, "use");
    made.setAttribute("class", fill ? `${role} lm-lined` : role);
    made.setAttribute("href", shape.getAttribute("href"));
    made.setAttribute("clip-path", `url(#${clip})`);
    if (fill) made.setAttribute("fill", fill);
    shape.after(made);
  }
}

function center(item) {
  const box = (item.querySelector?.(".lm-shape") ?? item).getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}

function nearest(from, all, [dx, dy]) {
  const [x, y] = center(from);
  let best;
  for (const item of all) {
    const [u, v] = center(item);
    const along = (u - x) * dx + (v - y) * dy;
    const across = Math.abs((u - x) * dy) + Math.abs((v - y) * dx);
    const far = along + 2 * across;
    if (along > 1 && along >= across / 2 && (!best || far < best.far)) best = { item, far };
  }
  return best?.item;
}

customElements.define("lesion-map", LesionMap);
