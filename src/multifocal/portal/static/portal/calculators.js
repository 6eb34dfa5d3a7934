// A link that carries the answers behind its # sign: browsers keep that part to themselves.
import { answersOf } from "./live.js";

const UNIT = ".unit";
const form = document.querySelector("form.answers");
const button = form.querySelector("[data-copy]");
const copied = form.querySelector("[data-copied]");

const link = () => {
  const answers = answersOf(form);
  answers.delete("csrfmiddlewaretoken");
  for (const [name, value] of [...answers]) {
    const number = name.endsWith(UNIT) ? answers.get(name.slice(0, -UNIT.length)) : value;
    if (!number) answers.delete(name, value);
  }
  const address = new URL(location.href);
  address.hash = answers.toString();
  return address.href;
};

const fill = () => {
  const answers = new URLSearchParams(location.hash.slice(1));
  let known = false;
  for (const field of form.elements) {
    if (!answers.has(field.name)) continue;
    known = true;
    const values = answers.getAll(field.name);
    if (field.type === "radio" || field.type === "checkbox") {
      field.checked = values.includes(field.value);
    } else if (field.type !== "hidden") {
      field.value = values[0];
    }
    if (field.checked || field.type === "text") field.closest("details")?.setAttribute("open", "");
  }
  if (known) form.dispatchEvent(new Event("change", { bubbles: true }));
};

button.hidden = false;
button.addEventListener("click", async () => {
  const address = link();
  try {
    await navigator.clipboard.writeText(address);
    copied.textContent = "The link is copied. Whoever has it sees these answers.";
  } catch {
    copied.textContent = `Copy this link: ${address}`;
  }
});
addEventListener("hashchange", fill);
fill();
