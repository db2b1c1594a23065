import { Trans, useLingui } from "@lingui/react/macro";
import { useLocation } from "wouter";
import { useState } from "react";
import type { Settings } from "../../core/index.ts";
import { LanguagePicker } from "../app/language-picker.tsx";
import { useHall } from "../app/hall.tsx";
import { useTabTitle } from "../app/landing.ts";
import { PaneBody, PaneHead, Prose, Section, useBackLabels } from "../app/pane.tsx";
import { wearTheme } from "../app/theme.ts";
import { useAct } from "../app/use-act.ts";
import { useChoice } from "../app/use-choice.ts";
import { usePanes } from "../app/use-panes.ts";
import { type OpenDevice, useMe, useSettings } from "../app/use-session.ts";
import { Button } from "../design/button.tsx";
import { Confirm } from "../design/dialog.tsx";
import { SelectField } from "../design/field.tsx";
import { Refusal } from "../problems/refusal.tsx";
import { MyWords } from "./my-words.tsx";
import { ProfileForm } from "./profile-form.tsx";

/** One's own account on this device. */
export default function MePage() {
  const { t } = useLingui();
  useTabTitle(t`Me`);
  const panes = usePanes();
  const labels = useBackLabels();
  const me = useMe();
  // Where they are asked for, it is also said that they are confirmed.
  const [wordsFirst] = useState(me?.wordsUnconfirmed ?? false);
  if (!me) return null;
  return (
    <>
      <PaneHead
        title={t`Me`}
        under={<bdi>{me.profile.name}</bdi>}
        back={panes === 1 ? { href: "/", label: labels.home } : null}
      />
      <PaneBody>
        {wordsFirst ? <MyWords me={me} /> : null}
        <Section title={<Trans>What others see</Trans>}>
          <ProfileForm profile={me.profile} />
        </Section>
        <Section title={<Trans>Lock</Trans>}>
          <LockNow me={me} />
        </Section>
        {wordsFirst ? null : <MyWords me={me} />}
        <Section title={<Trans>Language and colours</Trans>}>
          <LanguagePicker />
          <ThemePicker />
        </Section>
        <Section title={<Trans>If this device is lost</Trans>}>
          <IfLost />
        </Section>
        <Section title={<Trans>Sign out on this device</Trans>}>
          <SignOut me={me} />
        </Section>
      </PaneBody>
    </>
  );
}

function LockNow({ me }: { readonly me: OpenDevice }) {
  const hall = useHall();
  const lock = useAct(() => hall.session.lock());
  if (me.lock === "none")
    return (
      <p>
        <Trans>
          This device has no lock: whoever can open it can read your groups and write in your name. To set a passphrase,
          sign out here and come back with your 12 words.
        </Trans>
      </p>
    );
  return (
    <>
      <p>
        <Trans>
          Locking forgets every key in memory. What is on this device stays there, encrypted, until you enter your
          passphrase.
        </Trans>
      </p>
      <Refusal failure={lock.failure} />
      <div>
        <Button tone="main" pending={lock.pending} onClick={() => lock.run(undefined)}>
          <Trans>Lock now</Trans>
        </Button>
      </div>
    </>
  );
}

function ThemePicker() {
  const { t } = useLingui();
  const hall = useHall();
  const settings = useSettings();
  const kept = settings.data?.theme ?? "system";
  const { value, failure, choose } = useChoice(
    kept,
    async (theme) => {
      wearTheme(theme);
      await hall.session.setSettings({ theme });
      await settings.refetch();
    },
    () => void settings.refetch().then(({ data }) => wearTheme(data?.theme ?? kept)),
  );
  const themes: readonly { readonly value: Settings["theme"]; readonly label: string }[] = [
    { value: "system", label: t`As the device` },
    { value: "light", label: t`Light` },
    { value: "dark", label: t`Dark` },
  ];
  return (
    <>
      <SelectField
        label={t`Colours`}
        short
        value={value}
        options={themes}
        onValue={(code) => {
          const theme = themes.find((option) => option.value === code)?.value;
          if (theme) void choose(theme);
        }}
      />
      <Refusal failure={failure} />
    </>
  );
}

function IfLost() {
  return (
    <Prose>
      <p>
        <Trans>
          Open this hall on another device, choose “I have my 12 words” and enter them. Your groups come back with
          everything in them, and nobody else needs to be online.
        </Trans>
      </p>
      <p>
        <Trans>
          Tell a facilitator of each group what happened. With a passphrase on the lost device, whoever has it reads
          nothing.
        </Trans>
      </p>
    </Prose>
  );
}

function SignOut({ me }: { readonly me: OpenDevice }) {
  const hall = useHall();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const signOut = useAct(
    () => hall.session.signOut(),
    () => navigate("/"),
  );
  return (
    <>
      <p>
        <Trans>
          Takes everything of this account off this device. The account itself stays, and your 12 words bring it back,
          here or elsewhere.
        </Trans>
      </p>
      <div>
        <Button tone="loss" onClick={() => setAsking(true)}>
          <Trans>Sign out…</Trans>
        </Button>
      </div>
      {asking ? (
        <Confirm
          title={<Trans>Sign out on this device?</Trans>}
          act={<Trans>Sign out</Trans>}
          loss
          pending={signOut.pending}
          onAct={() => signOut.run(undefined)}
          onClose={() => setAsking(false)}
        >
          <SignOutLosses me={me} />
          <Refusal failure={signOut.failure} />
        </Confirm>
      ) : null}
    </>
  );
}

function SignOutLosses({ me }: { readonly me: OpenDevice }) {
  return (
    <ul>
      {me.wordsUnconfirmed ? (
        <li>
          <strong>
            <Trans>You have not confirmed your 12 words. Without them on paper, this account is gone for good.</Trans>
          </strong>
        </li>
      ) : null}
      {me.connection.waiting > 0 ? (
        <li>
          <strong>
            <Trans>Posts that were not sent yet are lost.</Trans>
          </strong>
        </li>
      ) : null}
      <li>
        <Trans>Groups and posts are erased from this device. In the hall they stay, encrypted.</Trans>
      </li>
      <li>
        <Trans>Have your 12 words at hand: they are the only way back.</Trans>
      </li>
    </ul>
  );
}
