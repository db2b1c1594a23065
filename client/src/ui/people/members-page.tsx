import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { GroupDetail, Member } from "../../core/index.ts";
import { useTabTitle } from "../app/landing.ts";
import { PaneBody, PaneHead, Section, useBackLabels } from "../app/pane.tsx";
import { useFocusWhenFewer } from "../app/use-focus-when-fewer.ts";
import { usePanes } from "../app/use-panes.ts";
import { ButtonLink } from "../design/button.tsx";
import { TextField } from "../design/field.tsx";
import { Loaded } from "../problems/loaded.tsx";
import { ChainRecord } from "./chain-record.tsx";
import { LeaveGroup } from "./leave-group.tsx";
import { MemberRow } from "./member-row.tsx";
import { LostStanding } from "../groups/group-state.tsx";
import { useUnreadWords } from "../groups/unread-words.ts";
import { useGroup } from "../groups/use-groups.ts";
import { useMembers } from "./use-members.ts";
import { PlainList } from "../design/plain-list.tsx";
import styles from "./members-page.module.css";

/** Above this many people a field to find one is shown. */
const manyMembers = 12;

/** Who is in the group, and the record of how each of them came and went. */
export default function MembersPage({ groupId }: { readonly groupId: string }) {
  const { t } = useLingui();
  useTabTitle(t`Members`);
  const panes = usePanes();
  const labels = useBackLabels();
  const words = useUnreadWords();
  const group = useGroup(groupId);
  const members = useMembers(groupId);
  const facilitates = group.data?.standing.kind === "member" && group.data.standing.role === "facilitator";
  return (
    <>
      <PaneHead
        title={t`Members`}
        under={members.data ? words.members(members.data.length) : null}
        back={panes === 1 ? { href: `/g/${groupId}`, label: labels.group } : null}
        acts={
          facilitates ? (
            <ButtonLink href={`/g/${groupId}/invites`}>
              <Trans>Invite</Trans>
            </ButtonLink>
          ) : null
        }
      />
      <PaneBody>
        {panes === 1 && group.data ? <LostStanding group={group.data} /> : null}
        <Loaded query={members}>
          {(list) => (group.data ? <MemberList members={list} group={group.data} /> : null)}
        </Loaded>
        <Section title={<Trans>How it came about</Trans>}>
          <p>
            <Trans>
              Each admission, removal and change is signed by the person who made it and checked on every member's
              device. This is the whole record.
            </Trans>
          </p>
          <ChainRecord groupId={groupId} />
        </Section>
        {group.data?.standing.kind === "member" ? (
          <Section title={<Trans>Leaving</Trans>}>
            <LeaveGroup group={group.data} />
          </Section>
        ) : null}
      </PaneBody>
    </>
  );
}

function MemberList({ members, group }: { readonly members: readonly Member[]; readonly group: GroupDetail }) {
  const { t, i18n } = useLingui();
  const [wanted, setWanted] = useState("");
  useFocusWhenFewer(members.length);
  const plain = (text: string): string => text.normalize("NFKD").toLocaleLowerCase(i18n.locale);
  const found = members.filter(({ profile }) =>
    plain(`${profile.name} ${profile.union ?? ""}`).includes(plain(wanted)),
  );
  return (
    <div className={styles.people}>
      {members.length > manyMembers ? (
        <TextField label={t`Find a member`} type="search" value={wanted} onValue={setWanted} dir="auto" />
      ) : null}
      {found.length === 0 ? (
        <output>
          <Trans>Nobody here by that name.</Trans>
        </output>
      ) : (
        <PlainList className={styles.list}>
          {found.map((member) => (
            <MemberRow key={member.accountId} member={member} group={group} />
          ))}
        </PlainList>
      )}
    </div>
  );
}
