import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useLocation } from "wouter";
import { arriveBy } from "../app/arrival.ts";
import { readLink } from "../app/read-link.ts";
import { Button } from "../design/button.tsx";
import { TextField } from "../design/field.tsx";
import { problemWords } from "../problems/problem-words.ts";

/** A field for a link that was copied rather than opened. */
export function PasteLink({ label }: { readonly label: string }) {
  const { t, i18n } = useLingui();
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const [, navigate] = useLocation();
  const words = problemWords["link-malformed"];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const link = readLink(text);
        setWrong(!link);
        if (!link) return;
        arriveBy(link);
        navigate(link.kind === "join" ? "/join" : "/setup");
      }}
    >
      <TextField
        label={label}
        type="text"
        inputMode="url"
        dir="ltr"
        placeholder="https://…/join#…"
        wrong={wrong ? `${i18n._(words.what)} ${i18n._(words.next)}` : null}
        value={text}
        onValue={(value) => {
          setText(value);
          setWrong(false);
        }}
        beside={
          <Button type="submit" unavailable={text.trim() === ""}>
            {t`Look at it`}
          </Button>
        }
      />
    </form>
  );
}
