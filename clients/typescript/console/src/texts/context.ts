import { createContext, useContext } from "react";
import { en } from "./en.ts";
import type { Texts } from "./index.ts";

export const TextsContext = createContext<Texts>(en);

/** The texts in the reader's language. */
export const useTexts = (): Texts => useContext(TextsContext);
