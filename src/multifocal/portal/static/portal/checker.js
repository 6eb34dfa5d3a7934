// While the form is filled in: ask the site whether the answers so far are an emergency, and if they
// are, say so at the foot of the window, where nothing moves. Without this script the button does it.
const form = document.querySelector("form.check");

if (form) {
  const box = form.querySelector(".check-now");
  let asked = 0;

  form.addEventListener("change", async (event) => {
    if (!event.target.closest("fieldset.question")) return;
    const mine = ++asked;
    let told;
    try {
      const answer = await fetch(form.dataset.now, { method: "POST", body: new FormData(form) });
      if (!answer.ok) return;
      told = await answer.text();
    } catch {
      return;
    }
    if (mine === asked && told !== box.innerHTML) box.innerHTML = told;
  });
}

document.querySelector("#errors")?.focus();
