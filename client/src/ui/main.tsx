// First, before anything else runs: take the secret part of a link out of the address bar.
import "./app/arrival.ts";
import "./design/tokens.css";
import "./design/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connectUnionhall } from "../worker/connect.ts";
import { App } from "./app/app.tsx";
import { preferredLanguage, speak } from "./app/language.ts";
import { fetchAllScreens } from "./app/later.tsx";
import { keepShell } from "./shell/keep-shell.ts";
import { rememberedTheme, wearTheme } from "./app/theme.ts";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root element");

wearTheme(rememberedTheme());
const hall = connectUnionhall();
await speak(preferredLanguage());
createRoot(root).render(
  <StrictMode>
    <App hall={hall} />
  </StrictMode>,
);
// Not before everything else is here: it must not cost the first visit anything.
void fetchAllScreens().then(keepShell);
