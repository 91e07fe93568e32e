/** The desk: paste, drop or choose, and the review begins. */
import "../styles/reading.css";
import { hand, type Handed } from "../lib/handover";
import { showProblem } from "../lib/http";

const band = document.querySelector<HTMLFormElement>("#drop");
const box = document.querySelector<HTMLTextAreaElement>("#paste");
const picker = document.querySelector<HTMLInputElement>("#files");
/** Texts up to this length go into the link, so that it can be sent on. */
const IN_LINK = 1500;

async function go(what: Handed): Promise<void> {
  if (what.text !== undefined && what.text.length <= IN_LINK && !what.files) {
    window.location.assign(`/cases/new?q=${encodeURIComponent(what.text)}`);
    return;
  }
  try {
    await hand(what);
    window.location.assign("/cases/new?handed=1");
  } catch (error) {
    showProblem(error);
  }
}

if (band && box && picker) {
  band.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text) void go({ text });
    else window.location.assign("/cases/new");
  });
  picker.addEventListener("change", () => {
    if (picker.files?.length) void go({ files: [...picker.files] });
  });
  // anywhere on the page: a paste outside of a field begins a review, a file may be dropped
  document.addEventListener("paste", (event) => {
    if ((event.target as HTMLElement).closest("input, textarea")) return;
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData("text/plain").trim();
    if (files.length) void go({ files });
    else if (text) {
      box.value = text;
      void go({ text });
    }
  });
  for (const name of ["dragover", "dragenter"])
    document.addEventListener(name, (event) => {
      event.preventDefault();
      band.classList.add("over");
    });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) band.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    band.classList.remove("over");
    const files = [...(event.dataTransfer?.files ?? [])];
    const text = event.dataTransfer?.getData("text/plain").trim();
    if (files.length) void go({ files });
    else if (text) void go({ text });
  });
}
