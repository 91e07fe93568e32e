/** Forms that keep what was typed: sent in the background, problems shown inside them. */
import { ask, showProblem } from "./http";
import { t } from "./words";

/** Send every form marked data-ask so; the answer names the page that follows. */
export function bindForms(): void {
  document.addEventListener("submit", (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-ask]");
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    void send(form, (event as SubmitEvent).submitter as HTMLButtonElement | null);
  });
}

async function send(form: HTMLFormElement, button: HTMLButtonElement | null): Promise<void> {
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  const buttons = [...form.querySelectorAll<HTMLButtonElement>("button")];
  for (const item of buttons) item.disabled = true;
  const waiting = "wait" in form.dataset ? busy(button ?? buttons[0]) : null;
  const place = form.querySelector<HTMLElement>(".problems") ?? document.getElementById("problems");
  place?.replaceChildren();
  try {
    // not form.action: a control of that name would hide it
    const address = form.getAttribute("action") || location.pathname;
    const answer = await ask<{ address: string }>(address, { body });
    if (new URL(answer.address, location.href).pathname === location.pathname) location.reload();
    else location.href = answer.address;
  } catch (error) {
    showProblem(error, place);
    for (const item of buttons) item.disabled = false;
    waiting?.();
  }
}

function busy(button: HTMLButtonElement | undefined): (() => void) | null {
  if (!button) return null;
  const before = [...button.childNodes];
  button.replaceChildren(t("请稍候…", "one moment…"));
  return () => button.replaceChildren(...before);
}
