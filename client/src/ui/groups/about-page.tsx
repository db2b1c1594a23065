import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import type { GroupDetail } from "../../core/index.ts";
import { useHall } from "../app/hall.tsx";
import { useTabTitle } from "../app/landing.ts";
import { PaneBody, PaneHead, Prose, Section, useBackLabels } from "../app/pane.tsx";
import { useAct } from "../app/use-act.ts";
import { usePanes } from "../app/use-panes.ts";
import { Button, ButtonRow } from "../design/button.tsx";
import { TextArea, TextField } from "../design/field.tsx";
import { Day, When } from "../design/moment.tsx";
import { Notice } from "../design/notice.tsx";
import { Loaded } from "../problems/loaded.tsx";
import { Refusal } from "../problems/refusal.tsx";
import { useRefused } from "../topics/use-topics.ts";
import { verdictWords } from "../topics/verdict-words.ts";
import { LostStanding } from "./group-state.tsx";
import { GroupWarning } from "./group-warning.tsx";
import { LeaveGroup } from "../people/leave-group.tsx";
import { HistoryRule, RetentionRule } from "./rules.tsx";
import { useGroup } from "./use-groups.ts";
import { PlainList } from "../design/plain-list.tsx";
import { ServerSees } from "./server-sees.tsx";

/** What the group is, by which rules, and what the host can see of it. */
export default function AboutPage({ groupId }: { readonly groupId: string }) {
  const { t } = useLingui();
  useTabTitle(t`About the group`);
  const panes = usePanes();
  const labels = useBackLabels();
  const group = useGroup(groupId);
  return (
    <>
      <PaneHead title={t`About the group`} back={panes === 1 ? { href: `/g/${groupId}`, label: labels.group } : null} />
      <PaneBody>
        {panes === 1 && group.data ? <LostStanding group={group.data} /> : null}
        <Loaded query={group}>{(detail) => <About group={detail} />}</Loaded>
      </PaneBody>
    </>
  );
}

function About({ group }: { readonly group: GroupDetail }) {
  return (
    <>
      <NameAndDescription group={group} />
      <Section title={<Trans>Rules</Trans>}>
        <Prose>
          <p>
            <Trans>What newcomers can read:</Trans> <HistoryRule history={group.history} />
          </p>
          <p>
            <RetentionRule days={group.retentionDays} />
          </p>
          <p>
            <Trans>
              Facilitators let people in and remove them. Each of their acts is signed by name and shown to all on the
              members page.
            </Trans>
          </p>
          <p>
            <Trans>
              Whenever somebody loses access, and at least once a week, the keys change, so that nobody who is out can
              open what comes after.
            </Trans>
          </p>
        </Prose>
        {group.facilitators < 2 && group.memberCount > 1 ? (
          <Notice tone="care">
            <p>
              <Trans>
                This group has only one facilitator. If that person loses their device and their 12 words, the group has
                to be founded anew. Make a second one on the members page.
              </Trans>
            </p>
          </Notice>
        ) : null}
      </Section>
      <Section title={<Trans>What whoever runs this hall sees</Trans>}>
        <ServerSees />
      </Section>
      <RefusedRecords groupId={group.groupId} />
      {group.warnings.length > 0 ? (
        <Section title={<Trans>What was noticed</Trans>}>
          {group.warnings.map((warning) => (
            <GroupWarning key={`${warning.kind} ${warning.noticedAt}`} warning={warning} />
          ))}
        </Section>
      ) : null}
      {group.standing.kind === "member" ? (
        <Section title={<Trans>Leaving</Trans>}>
          <LeaveGroup group={group} />
        </Section>
      ) : null}
    </>
  );
}

/** What this device keeps and shows in no topic, so that nothing disappears silently. */
function RefusedRecords({ groupId }: { readonly groupId: string }) {
  const { i18n } = useLingui();
  const refused = useRefused(groupId);
  if (!refused.data?.length) return null;
  return (
    <Section title={<Trans>What was refused</Trans>}>
      <p>
        <Trans>These arrived in the group, failed a check on this device, and stand in no topic.</Trans>
      </p>
      <PlainList>
        {refused.data.map((record) => (
          <li key={record.recordId}>
            {record.author.accountId === null ? (
              <Trans>Someone holding the key</Trans>
            ) : (
              <bdi>{record.author.name}</bdi>
            )}
            {": "}
            {i18n._(verdictWords(record.reason))} <When time={record.noticedAt} />
          </li>
        ))}
      </PlainList>
    </Section>
  );
}

function NameAndDescription({ group }: { readonly group: GroupDetail }) {
  const [editing, setEditing] = useState(false);
  const change = useRef<HTMLButtonElement>(null);
  const didEdit = useRef(false);
  useEffect(() => {
    if (didEdit.current && !editing) change.current?.focus();
    didEdit.current = editing;
  }, [editing]);
  const facilitates = group.standing.kind === "member" && group.standing.role === "facilitator";
  if (editing) return <EditInfo group={group} onClose={() => setEditing(false)} />;
  return (
    <Section title={<bdi>{group.name}</bdi>}>
      <Prose>
        {group.description === "" ? null : <p dir="auto">{group.description}</p>}
        <p>
          <Trans>
            Founded on <Day time={group.foundedAt} />.
          </Trans>
        </p>
      </Prose>
      {facilitates ? (
        <div>
          <Button ref={change} onClick={() => setEditing(true)}>
            <Trans>Change name and description</Trans>
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

function EditInfo({ group, onClose }: { readonly group: GroupDetail; readonly onClose: () => void }) {
  const { t } = useLingui();
  const hall = useHall();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [name, setName] = useState(group.name);
  const [description, setDescription] = useState(group.description);
  const rename = useAct(
    () => hall.groups.rename(group.groupId, { name: name.trim(), description: description.trim() }),
    onClose,
  );
  return (
    <Section title={<Trans>Name and description</Trans>}>
      <TextField
        ref={first}
        label={t`Name of the group`}
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
        rows={4}
        dir="auto"
      />
      <Refusal failure={rename.failure} />
      <ButtonRow>
        <Button
          tone="main"
          pending={rename.pending}
          unavailable={name.trim() === ""}
          onClick={() => rename.run(undefined)}
        >
          <Trans>Save</Trans>
        </Button>
        <Button tone="plain" unavailable={rename.pending} onClick={onClose}>
          <Trans>Leave it as it was</Trans>
        </Button>
      </ButtonRow>
    </Section>
  );
}
