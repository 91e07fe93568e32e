/** Pages that are read; the reader marks the clause in view in its contents. */
import "../styles/reading.css";

const clauses = [...document.querySelectorAll<HTMLElement>(".mp-clause")];
const entries = new Map<string, HTMLAnchorElement>();
for (const link of document.querySelectorAll<HTMLAnchorElement>(".mp-tree a[href^='#']"))
  entries.set(link.hash.slice(1), link);

/** Show where the reader is: the entry of the contents, with its folded parents open. */
function mark(id: string): void {
  document.querySelector(".mp-tree a.here")?.classList.remove("here");
  const entry = entries.get(id);
  if (!entry) return;
  entry.classList.add("here");
  const side = document.querySelector<HTMLElement>(".mp-contents");
  if (side && getComputedStyle(side).position === "sticky" && entry.offsetParent) {
    const top = entry.getBoundingClientRect().top - side.getBoundingClientRect().top;
    if (top < 80 || top > side.clientHeight - 40) side.scrollTop += top - side.clientHeight / 2;
  }
}

function openParents(id: string): void {
  let step = entries.get(id)?.closest("details") ?? null;
  while (step) {
    step.open = true;
    step = step.parentElement?.closest("details") ?? null;
  }
}

/** A link to a clause opens its place in the contents and takes the focus there. */
function arrive(): void {
  const id = decodeURIComponent(location.hash.slice(1));
  const clause = id ? document.getElementById(id) : null;
  if (!clause?.classList.contains("mp-clause")) return;
  openParents(id);
  mark(id);
  clause.focus({ preventScroll: true });
}

if (clauses.length) {
  const inView = new Set<Element>();
  const watcher = new IntersectionObserver(
    (changes) => {
      for (const change of changes)
        if (change.isIntersecting) inView.add(change.target);
        else inView.delete(change.target);
      const first = clauses.find((clause) => inView.has(clause));
      if (first) mark(first.id);
    },
    { rootMargin: "-72px 0px -70% 0px" },
  );
  for (const clause of clauses) watcher.observe(clause);
  window.addEventListener("hashchange", arrive);
  arrive();
  // on a phone the contents would hide the text
  if (window.innerWidth < 992) document.querySelector(".mp-tree")?.removeAttribute("open");
}
