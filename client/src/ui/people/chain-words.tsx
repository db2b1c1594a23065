import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { ChainAct, PersonName } from "../../core/index.ts";
import { HistoryRule, RetentionRule } from "../groups/rules.tsx";

/** A person as named in the record; "someone holding the key" where nobody can be named. */
function Person({ person }: { readonly person: PersonName }) {
  if (person.accountId === null) return <Trans>someone holding the key</Trans>;
  return (
    <strong>
      <bdi>{person.name}</bdi>
    </strong>
  );
}

/** One act of the chain in one sentence. */
export function ChainActWords({ act, by }: { readonly act: ChainAct; readonly by: PersonName }): ReactNode {
  const author = <Person person={by} />;
  switch (act.kind) {
    case "found":
      return (
        <>
          <Trans>{author} founded the group.</Trans> <HistoryRule history={act.history} />{" "}
          <RetentionRule days={act.retentionDays} />
        </>
      );
    case "admit":
      return <Admitted act={act} by={by} />;
    case "join":
      return (
        <Trans>
          <Person person={act.who} /> came in with an invite link.
        </Trans>
      );
    case "remove":
      return (
        <Trans>
          {author} removed <Person person={act.who} />.
        </Trans>
      );
    case "leave":
      return (
        <Trans>
          <Person person={act.who} /> left.
        </Trans>
      );
    case "role":
      return act.role === "facilitator" ? (
        <Trans>
          {author} made <Person person={act.who} /> a facilitator.
        </Trans>
      ) : (
        <Trans>
          {author} took the facilitator's role from <Person person={act.who} />.
        </Trans>
      );
    case "rules":
      return (
        <>
          <Trans>{author} changed the rules.</Trans> <HistoryRule history={act.history} />{" "}
          <RetentionRule days={act.retentionDays} />
        </>
      );
    case "account-update":
      return <AccountUpdate act={act} by={by} />;
    case "invite":
      return <InviteMade act={act} by={by} />;
    case "end-invite":
      return <Trans>{author} ended an invite.</Trans>;
    case "cut":
      return <Trans>{author} had older posts deleted, as the rules say.</Trans>;
    case "era":
      return <Trans>{author} changed the keys.</Trans>;
  }
}

type Of<Kind extends ChainAct["kind"]> = Extract<ChainAct, { kind: Kind }>;

function Admitted({ act, by }: { readonly act: Of<"admit">; readonly by: PersonName }) {
  const author = <Person person={by} />;
  const who = <Person person={act.who} />;
  if (act.role === "facilitator")
    return (
      <Trans>
        {author} let {who} in, as a facilitator.
      </Trans>
    );
  return act.inviteId === null ? (
    <Trans>
      {author} let {who} in.
    </Trans>
  ) : (
    <Trans>
      {author} let {who} in, who had asked through an invite.
    </Trans>
  );
}

function AccountUpdate({ act, by }: { readonly act: Of<"account-update">; readonly by: PersonName }) {
  const author = <Person person={by} />;
  const who = <Person person={act.who} />;
  const { adds, revokes } = act;
  if (revokes === 0)
    return adds > 0 ? (
      <Trans>{who} brought their account to a new device.</Trans>
    ) : (
      <Trans>{who} changed the keys of their own account.</Trans>
    );
  return (
    <Trans>
      {author} revoked <Plural value={revokes} one="a device" other="# devices" /> of {who}.
    </Trans>
  );
}

function InviteMade({ act, by }: { readonly act: Of<"invite">; readonly by: PersonName }) {
  const author = <Person person={by} />;
  const { uses } = act;
  return act.mode === "instant" ? (
    <Trans>
      {author} made an invite link for coming in at once, for up to{" "}
      <Plural value={uses} one="# person" other="# people" />.
    </Trans>
  ) : (
    <Trans>
      {author} made an invite link for up to <Plural value={uses} one="# person" other="# people" />.
    </Trans>
  );
}
