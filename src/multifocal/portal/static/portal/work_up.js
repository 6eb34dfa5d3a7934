// A record can be dropped on the page; its name is shown before it is sent.
const form = document.querySelector("form[data-drop]");
const zone = form.querySelector(".drop");
const input = form.querySelector("input[type=file]");
const chosen = form.querySelector("[data-chosen]");

const tell = () => {
  const [file] = input.files;
  chosen.textContent = file ? `Chosen: ${file.name}, ${Math.max(1, Math.round(file.size / 1024))} kB` : "Or drop it here.";
};

const carries = (event) => event.dataTransfer?.types.includes("Files");
for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    zone.classList.add("over");
  });
}
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) zone.classList.remove("over");
});
addEventListener("drop", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  zone.classList.remove("over");
  if (event.dataTransfer.files.length === 1) {
    input.files = event.dataTransfer.files;
    tell();
    form.requestSubmit();
  } else {
    chosen.textContent = "Drop one file only.";
  }
});
input.addEventListener("change", tell);
tell();
