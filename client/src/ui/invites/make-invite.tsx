import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { GroupDetail, Invite, MakeInvite as MakeInput } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { Button } from "../design/button.tsx";
import { Choice, TextField } from "../design/field.tsx";
import { Notice } from "../design/notice.tsx";
import { Refusal } from "../problems/refusal.tsx";
import styles from "./invites-page.module.css";

type Mode = MakeInput["mode"];

/** What each kind of invite allows at most (protocol section 7). */
const most: Readonly<Record<Mode, { readonly uses: number; readonly days: number }>> = {
  approval: { uses: 1000, days: 90 },
  instant: { uses: 50, days: 7 },
};

const usual: Readonly<Record<Mode, { readonly uses: string; readonly days: string }>> = {
  approval: { uses: "20", days: "14" },
  instant: { uses: "10", days: "2" },
};

function within(text: string, limit: number): number | null {
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 && number <= limit ? number : null;
}

interface MakeInviteProps {
  readonly group: GroupDetail;
  readonly onMade: (invite: Invite) => void;
}

export function MakeInvite({ group, onMade }: MakeInviteProps) {
  const { t } = useLingui();
  const hall = useHall();
  const [mode, setMode] = useState<Mode>("approval");
  const [uses, setUses] = useState(usual.approval.uses);
  const [days, setDays] = useState(usual.approval.days);
  const [note, setNote] = useState("");
  const usesRight = within(uses, most[mode].uses);
  const daysRight = within(days, most[mode].days);
  const make = useAct((input: MakeInput) => hall.invites.make(group.groupId, input), onMade);
  const ready = usesRight !== null && daysRight !== null;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) make.run({ mode, uses: usesRight, expiresInDays: daysRight, note: note.trim() });
      }}
    >
      <ModeChoice
        group={group}
        mode={mode}
        onMode={(chosen) => {
          setMode(chosen);
          setUses(usual[chosen].uses);
          setDays(usual[chosen].days);
        }}
      />
      <div className={styles.numbers}>
        <TextField
          label={t`For how many people`}
          hint={t`At most ${most[mode].uses}`}
          type="number"
          inputMode="numeric"
          min={1}
          max={most[mode].uses}
          value={uses}
          onValue={setUses}
          wrong={usesRight === null ? t`A whole number from 1 to ${most[mode].uses}.` : null}
        />
        <TextField
          label={t`For how many days`}
          hint={t`At most ${most[mode].days}`}
          type="number"
          inputMode="numeric"
          min={1}
          max={most[mode].days}
          value={days}
          onValue={setDays}
          wrong={daysRight === null ? t`A whole number from 1 to ${most[mode].days}.` : null}
        />
      </div>
      <TextField
        label={t`A note for yourself`}
        hint={t`For whom it is, so that you know it again in the list. It is not sent along.`}
        optional
        value={note}
        onValue={setNote}
        maxLength={200}
        dir="auto"
      />
      <Refusal failure={make.failure} />
      <div>
        <Button tone="main" type="submit" pending={make.pending} unavailable={!ready}>
          <Trans>Make an invite link</Trans>
        </Button>
      </div>
    </form>
  );
}

interface ModeChoiceProps {
  readonly group: GroupDetail;
  readonly mode: Mode;
  readonly onMode: (mode: Mode) => void;
}

/** Instant invites exist only where newcomers may read everything, since whoever holds the link can. */
function ModeChoice({ group, mode, onMode }: ModeChoiceProps) {
  const { t } = useLingui();
  if (group.history !== "all")
    return (
      <p className={styles.quiet}>
        <Trans>
          You let each person in yourself. In a group where newcomers read only what comes after them, nobody can come
          in by a link alone.
        </Trans>
      </p>
    );
  return (
    <>
      <Choice
        legend={t`How do people come in with it?`}
        value={mode}
        onValue={onMode}
        options={[
          {
            value: "approval",
            label: t`They ask, and a facilitator lets them in`,
            meaning: t`The link alone opens nothing. You see who asks and can compare check words. The right choice nearly always.`,
          },
          {
            value: "instant",
            label: t`They come in at once`,
            meaning: t`Nobody needs to be online. For a meeting where everybody is in the room.`,
          },
        ]}
      />
      {mode === "instant" ? (
        <Notice tone="urgent">
          <p>
            <strong>
              <Trans>
                Whoever gets hold of this link can read the whole group, from its first post, until the invite ends.
              </Trans>
            </strong>
          </p>
          <p>
            <Trans>
              Also without coming in, and so without being seen. Show it only to those in the room, never pass it
              through e-mail or other chats, and end it afterwards. It ends by itself when somebody leaves or is
              removed.
            </Trans>
          </p>
        </Notice>
      ) : null}
    </>
  );
}
