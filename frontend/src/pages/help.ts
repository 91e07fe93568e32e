/** Help: switch single keys off for this computer. */
import "../styles/reading.css";
import { t } from "../lib/words";

const box = document.querySelector<HTMLInputElement>("#keys-on");
const state = document.getElementById("keys-state");

function tell(): void {
  if (!box || !state) return;
  state.textContent = box.checked
    ? t("已启用。输入文字时不会触发。", "On. Never while you are typing.")
    : t("已停用，只有浏览器自己的按键有效。", "Off: only the browser's own keys work.");
}

if (box) {
  box.checked = localStorage.getItem("minplan.keys") !== "off";
  tell();
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem("minplan.keys");
    else localStorage.setItem("minplan.keys", "off");
    tell();
  });
}
