import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Profile } from "../../core/index.ts";
import { useAnnounce } from "../app/announcer.tsx";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Button } from "../design/button.tsx";
import { TextField } from "../design/field.tsx";
import { Refusal } from "../problems/refusal.tsx";
import { sheetStyles } from "../app/sheet.tsx";
import { LanguageField } from "./language-field.tsx";

/** What was left empty is not said at all. */
function orNull(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

export function ProfileForm({ profile }: { readonly profile: Profile }) {
  const { t } = useLingui();
  const hall = useHall();
  const announce = useAnnounce();
  const [name, setName] = useState(profile.name);
  const [union, setUnion] = useState(profile.union ?? "");
  const [country, setCountry] = useState(profile.country ?? "");
  const [language = "", ...otherLanguages] = profile.languages;
  const [chosen, setChosen] = useState(language);
  const [saved, setSaved] = useState(false);
  const save = useAct(
    () =>
      hall.session.setProfile({
        name: name.trim(),
        union: orNull(union),
        country: orNull(country),
        languages: [chosen, ...otherLanguages.filter((code) => code !== chosen)].filter((code) => code !== ""),
      }),
    () => {
      setSaved(true);
      announce(t`Saved`);
    },
  );
  const edit = (set: (value: string) => void) => (value: string) => {
    set(value);
    setSaved(false);
  };
  return (
    <form
      className={sheetStyles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        save.run(undefined);
      }}
    >
      <TextField label={t`Your name`} value={name} onValue={edit(setName)} maxLength={80} dir="auto" required />
      <TextField label={t`Your union`} optional value={union} onValue={edit(setUnion)} maxLength={120} dir="auto" />
      <TextField label={t`Country`} optional value={country} onValue={edit(setCountry)} maxLength={120} dir="auto" />
      <LanguageField value={chosen} onValue={edit(setChosen)} />
      <p className={sheetStyles.quiet}>
        <Trans>Members of your groups see this, nobody else.</Trans>
      </p>
      <Refusal failure={save.failure} />
      <div>
        <Button type="submit" pending={save.pending} unavailable={name.trim() === ""}>
          {saved ? t`Saved` : t`Save`}
        </Button>
      </div>
    </form>
  );
}
