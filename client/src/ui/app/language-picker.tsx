import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { HallError, type Unionhall } from "../../core/index.ts";
import { SelectField } from "../design/field.tsx";
import { type Failure, failureOf } from "../problems/failure.ts";
import { Refusal } from "../problems/refusal.tsx";
import { isLanguage, type Language, languages, rememberLanguage, speak } from "./language.ts";
import { useHall } from "./hall.tsx";
import { useMe } from "./use-session.ts";

/** Changes the language here, and in the account's settings when it is open. */
export function LanguagePicker({ inMasthead = false }: { readonly inMasthead?: boolean }) {
  const { t, i18n } = useLingui();
  const hall = useHall();
  const open = useMe() !== null;
  const [failure, setFailure] = useState<Failure | null>(null);
  return (
    <>
      <SelectField
        label={t`Language`}
        short={!inMasthead}
        bare={inMasthead}
        value={i18n.locale}
        options={languages.map(({ code, name }) => ({ value: code, label: name, lang: code }))}
        onValue={(code) => {
          if (!isLanguage(code)) return;
          choose(code, open ? hall : null).then(
            () => setFailure(null),
            (error: unknown) => setFailure(failureOf(error)),
          );
        }}
      />
      <Refusal failure={failure} />
    </>
  );
}

async function choose(code: Language, hall: Unionhall | null): Promise<void> {
  await speak(code).catch(() => {
    throw new HallError("offline", "the words of this language could not be fetched");
  });
  rememberLanguage(code);
  await hall?.session.setSettings({ language: code });
}
