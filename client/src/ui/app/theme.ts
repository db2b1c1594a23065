import type { Settings } from "../../core/index.ts";
import { recall, remember } from "./remembered.ts";

export type Theme = Settings["theme"];

const remembered = "unionhall.theme";

function isTheme(value: string | null): value is Theme {
  return value === "system" || value === "light" || value === "dark";
}

/** The theme chosen on this device before, so that the first paint has it. */
export function rememberedTheme(): Theme {
  const value = recall(remembered);
  return isTheme(value) ? value : "system";
}

export function wearTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  remember(remembered, theme);
}
