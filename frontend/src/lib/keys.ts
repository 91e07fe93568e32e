/** Keys of the frame: / search, G then a letter jumps, ? lists them. Pages add their own. */

type Handler = (event: KeyboardEvent) => void;
const handlers = new Map<string, Handler>();
let waitingForJump = false;

/** Let a key (without Ctrl, Alt) do something on this page. */
export function onKey(key: string, handler: Handler): void {
  handlers.set(key, handler);
}

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest("input, textarea, select, [contenteditable=true]");
}

function jump(key: string): boolean {
  const link = document.querySelector<HTMLAnchorElement>(`[data-jump="${key}"]`);
  if (!link) return false;
  link.click();
  return true;
}

/** Listen once for the whole page; never while an input method is composing. */
export function bindKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (localStorage.getItem("minplan.keys") === "off" || typing(event.target)) return;
    const key = event.key.toLowerCase();
    if (waitingForJump) {
      waitingForJump = false;
      if (jump(key)) event.preventDefault();
      return;
    }
    if (key === "g") {
      waitingForJump = true;
      return;
    }
    if (key === "/") {
      document.querySelector<HTMLInputElement>("#search")?.focus();
      event.preventDefault();
      return;
    }
    const handler = handlers.get(event.key) ?? handlers.get(key);
    if (handler) {
      handler(event);
      event.preventDefault();
    }
  });
}
