// Says beside the button when a passkey could not be used.
document.addEventListener("allauth.error", (event) => {
  const fault = document.getElementById("passkey_fault");
  if (!fault) return;
  event.preventDefault();
  fault.hidden = false;
});
