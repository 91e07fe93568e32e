/** What every page needs: styles, menus, htmx, keys, messages. */
import "@tabler/core/dist/css/tabler.min.css";
import "@tabler/core";
import htmx from "htmx.org";
import "../styles/frame.css";
import { bindKeys, onKey } from "../lib/keys";
import { t } from "../lib/words";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
// Errors come as fragments that name their own place (HX-Retarget).
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "[45]..", swap: true, error: true },
];

document.body.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content;
  if (token) (event as CustomEvent).detail.headers["X-CSRFToken"] = token;
});
document.body.addEventListener("htmx:sendError", () => {
  const place = document.getElementById("problems");
  if (!place) return;
  place.innerHTML = "";
  const box = document.createElement("div");
  box.className = "alert alert-danger";
  box.setAttribute("role", "alert");
  box.textContent = t(
    "连接不上服务器。填写的内容还在本页，网络恢复后再试。",
    "The server cannot be reached. What you entered is still here; try again when it is back.",
  );
  place.append(box);
});

// Buttons that copy: data-copy holds the text or the id of an element.
document.addEventListener("click", async (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
  if (!button) return;
  const value = button.dataset.copy ?? "";
  const source = value.startsWith("#") ? document.querySelector(value) : null;
  await navigator.clipboard?.writeText(source?.textContent?.trim() ?? value);
  button.classList.add("copied");
  window.setTimeout(() => button.classList.remove("copied"), 1500);
});

// Forms that ask before they are sent.
document.addEventListener("submit", (event) => {
  const question = (event.target as HTMLElement).dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Tables wider than the page are scrolled by the keyboard, too.
for (const box of document.querySelectorAll<HTMLElement>(".table-responsive"))
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;

// Several lines pasted into the search box keep their lines: corners need them.
document.querySelector<HTMLInputElement>("#search")?.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  if (!text.includes("\n") || text.length > 3000) return;
  event.preventDefault();
  window.location.assign(`/search?q=${encodeURIComponent(text)}`);
});

onKey("?", () => window.location.assign("/help#keys"));
bindKeys();
