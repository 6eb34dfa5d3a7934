// A form with data-live sends itself while it is answered, and shows the part that comes back.
const PAUSE = 250;
const PART = { "X-Part": "1" };

export const answersOf = (form) => {
  const answers = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") answers.append(name, value);
  }
  return answers;
};

const live = (form) => {
  const part = document.getElementById(form.dataset.live);
  const said = document.getElementById(form.dataset.said);
  let waiting;
  let running;

  const say = () => {
    const text = part.querySelector("[data-said-text]")?.textContent.trim() ?? "";
    if (said && said.textContent !== text) said.textContent = text;
  };

  const ask = async () => {
    running?.abort();
    running = new AbortController();
    try {
      const response = await fetch(form.dataset.liveUrl || form.action, {
        method: "POST",
        body: answersOf(form),
        headers: PART,
        signal: running.signal,
      });
      if (!response.ok) throw new Error();
      const open = [...part.querySelectorAll("details")].map((one) => one.open);
      part.innerHTML = await response.text();
      if (open.length === part.querySelectorAll("details").length) {
        part.querySelectorAll("details").forEach((one, place) => { one.open = open[place]; });
      }
      say();
    } catch (fault) {
      if (fault.name !== "AbortError" && said) {
        said.textContent = "The result could not be brought up to date. Use the button to send the form.";
      }
    }
  };

  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("reset", soon);
};

document.querySelectorAll("form[data-live]").forEach(live);
