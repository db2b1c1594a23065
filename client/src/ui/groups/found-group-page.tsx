import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useLocation } from "wouter";
import type { History } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useTabTitle } from "../app/landing.ts";
import { PaneBody, PaneHead, useBackLabels } from "../app/pane.tsx";
import { useAct } from "../app/use-act.ts";
import { usePanes } from "../app/use-panes.ts";
import { Button } from "../design/button.tsx";
import { Choice, TextArea, TextField } from "../design/field.tsx";
import { Refusal } from "../problems/refusal.tsx";
import styles from "./found-group-page.module.css";

type Keeping = "always" | "days";

/** A new working group: name, purpose, and the two rules that newcomers are told before they join. */
export default function FoundGroupPage() {
  const { t } = useLingui();
  useTabTitle(t`Found a group`);
  const hall = useHall();
  const panes = usePanes();
  const labels = useBackLabels();
  const [, navigate] = useLocation();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [history, setHistory] = useState<History>("all");
  const [keeping, setKeeping] = useState<Keeping>("always");
  const [days, setDays] = useState("730");
  const retentionDays = keeping === "always" ? null : Number(days);
  const daysRight =
    retentionDays === null || (Number.isInteger(retentionDays) && retentionDays >= 1 && retentionDays <= 3650);
  const found = useAct(
    () => hall.groups.found({ name: name.trim(), description: description.trim(), history, retentionDays }),
    ({ groupId }) => navigate(`/g/${groupId}/invites`, { replace: true }),
  );
  return (
    <>
      <PaneHead title={t`Found a group`} back={panes === 1 ? { href: "/", label: labels.home } : null} />
      <PaneBody>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            found.run(undefined);
          }}
        >
          <TextField
            label={t`Name of the group`}
            hint={t`Only members and people you invite see it.`}
            value={name}
            onValue={setName}
            maxLength={120}
            dir="auto"
            required
          />
          <TextArea
            label={t`What it is for`}
            optional
            value={description}
            onValue={setDescription}
            maxLength={2000}
            rows={3}
            dir="auto"
          />
          <HistoryChoice history={history} onHistory={setHistory} />
          <KeepingChoice keeping={keeping} onKeeping={setKeeping} />
          {keeping === "days" ? (
            <TextField
              label={t`How many days`}
              hint={t`Between 1 and 3,650. 730 days are two years.`}
              type="number"
              inputMode="numeric"
              min={1}
              max={3650}
              short
              value={days}
              onValue={setDays}
              wrong={daysRight ? null : t`A whole number between 1 and 3,650.`}
            />
          ) : null}
          <p className={styles.quiet}>
            <Trans>You will be its facilitator: you let people in. Make a second facilitator soon.</Trans>
          </p>
          <Refusal failure={found.failure} />
          <div>
            <Button tone="main" type="submit" pending={found.pending} unavailable={name.trim() === "" || !daysRight}>
              <Trans>Found the group</Trans>
            </Button>
          </div>
        </form>
      </PaneBody>
    </>
  );
}

interface HistoryChoiceProps {
  readonly history: History;
  readonly onHistory: (history: History) => void;
}

function HistoryChoice({ history, onHistory }: HistoryChoiceProps) {
  const { t } = useLingui();
  return (
    <Choice
      legend={t`What can newcomers read?`}
      value={history}
      onValue={onHistory}
      options={[
        {
          value: "all",
          label: t`Everything since the group began`,
          meaning: t`Good for working together over years: whoever joins knows what was found out before. Whoever gets in by mistake can read it too.`,
        },
        {
          value: "from-joining",
          label: t`Only what comes after they joined`,
          meaning: t`Good for what is delicate, such as the plan of a strike. The keys change with every admission, and nobody, not even you, can show a newcomer older posts.`,
        },
      ]}
    />
  );
}

function KeepingChoice({
  keeping,
  onKeeping,
}: {
  readonly keeping: Keeping;
  readonly onKeeping: (keeping: Keeping) => void;
}) {
  const { t } = useLingui();
  return (
    <Choice
      legend={t`How long are posts kept?`}
      value={keeping}
      onValue={onKeeping}
      options={[
        { value: "always", label: t`For good`, meaning: t`What was learned once stays to be read.` },
        {
          value: "days",
          label: t`For a number of days`,
          meaning: t`Then the text is deleted in the hall and on the members' devices. That somebody wrote, and when, stays. Copies that people made for themselves stay too.`,
        },
      ]}
    />
  );
}
