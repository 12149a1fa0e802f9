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

/* htmx swaps what was found, not the head: the feeds named there are those of the new address, too. */
document.addEventListener("htmx:afterSwap", ({ detail: { xhr } }) => {
  const feeds = "link[rel=alternate]";
  const head = new DOMParser().parseFromString(xhr.responseText, "text/html").head;
  document.head.querySelectorAll(feeds).forEach((link) => link.remove());
  document.head.append(...head.querySelectorAll(feeds));
});

/* What is asked again, as when a field that was typed in is left, is no new page to go back from. */
document.addEventListener("htmx:beforeHistoryUpdate", ({ detail: { history } }) => {
  if (new URL(history.path, location).href === location.href) history.type = "replace";
});

/* What was typed or chosen before htmx listened is asked for now. (This script runs after htmx's and is heard after
   it, and forms keep nothing of an earlier visit: what differs from the page was entered on it.) */
document.addEventListener("DOMContentLoaded", () => {
  const entered = ({ value, defaultValue = value, options, selectedIndex }) =>
    options
      ? selectedIndex !== Math.max(0, [...options].findIndex((option) => option.defaultSelected))
      : value !== defaultValue;
  const form = document.querySelector("form[hx-get]");
  if (form && [...form.elements].some(entered)) form.requestSubmit();
});
