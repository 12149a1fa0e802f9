/* What pages do beyond links and forms: copy the address of a feed. Filters and search are htmx's, by
   attributes; without either script every page works the same by its links and buttons. */
"use strict";
if (navigator.clipboard) {
  document.documentElement.classList.add("copies");
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    document.getElementById("said").textContent = button.dataset.said;
  });
}
