import { en, type Texts } from "./en.ts";

export type { Texts } from "./en.ts";

/** Returns the texts in the reader's language. The page waits for it before it shows anything. */
export async function loadTexts(): Promise<Texts> {
  const language = navigator.languages
    .map((tag) => tag.split("-")[0])
    .find((one) => one === "en" || one === "de");
  const texts = language === "de" ? (await import("./de.ts")).de : en;
  document.documentElement.lang = texts.components.language;
  return texts;
}
