/** The language of the page, as the server chose it. */
export const language: "zh" | "en" = document.documentElement.lang.startsWith("en") ? "en" : "zh";

/** Choose between two texts written side by side. */
export function t(zh: string, en: string): string {
  return language === "en" ? en : zh;
}

/** A bilingual value of the server. */
export function said(text: { zh: string; en: string } | string | null | undefined): string {
  if (!text) return "";
  return typeof text === "string" ? text : text[language] || text.zh;
}
