import { Trans, useLingui } from "@lingui/react/macro";
import { Fragment, lazy, type ReactNode, Suspense, useState } from "react";
import type { GroupDetail, Member } from "../../core/index.ts";
import { Day } from "../design/moment.tsx";
import { Monogram } from "../design/monogram.tsx";
import { languageNames } from "./language-names.ts";
import { RemoveMember, SetRole } from "./member-acts.tsx";
import type MemberMenu from "./member-menu.tsx";
import styles from "./members-page.module.css";

// react-aria comes only with the first screen that has a menu; without the network the list stands without menus.
const NoMenu = (): ReactNode => null;
const Menu = lazy<typeof MemberMenu>(() => import("./member-menu.tsx").catch(() => ({ default: NoMenu })));

export type MemberAct = "role" | "remove";

export function MemberRow({ member, group }: { readonly member: Member; readonly group: GroupDetail }) {
  const [act, setAct] = useState<MemberAct | null>(null);
  const facilitates = group.standing.kind === "member" && group.standing.role === "facilitator";
  // The one thing to do about oneself is to give the role up, and the last one cannot.
  const isOnlyFacilitator = member.you && group.facilitators === 1;
  return (
    <li className={styles.member}>
      <Monogram name={member.profile.name} accountId={member.accountId} />
      <div className={styles.who}>
        <MemberName member={member} />
        <MemberUnder member={member} />
      </div>
      {facilitates && !isOnlyFacilitator ? (
        <Suspense>
          <Menu member={member} onAct={setAct} />
        </Suspense>
      ) : null}
      {act === "remove" ? <RemoveMember member={member} group={group} onClose={() => setAct(null)} /> : null}
      {act === "role" ? <SetRole member={member} group={group} onClose={() => setAct(null)} /> : null}
    </li>
  );
}

function MemberName({ member }: { readonly member: Member }) {
  return (
    <>
      <bdi className={styles.name}>{member.profile.name}</bdi>
      {member.you ? (
        <>
          {" "}
          <Trans>(you)</Trans>
        </>
      ) : null}
      {member.role === "facilitator" ? (
        <span className={styles.role}>
          <Trans>Facilitator</Trans>
        </span>
      ) : null}
      {member.sameName ? (
        <span className={styles.key}>
          <Trans>
            Somebody else here has the same name. This one is <bdi>{member.accountId}</bdi>
          </Trans>
        </span>
      ) : null}
    </>
  );
}

function MemberUnder({ member }: { readonly member: Member }) {
  const { i18n } = useLingui();
  const { union, country, languages } = member.profile;
  const facts = [union, country, ...languageNames(languages, i18n.locale)].filter((fact) => fact !== null);
  const admittedBy = member.admittedBy ?? "";
  return (
    <>
      {facts.length === 0 ? null : (
        <span className={styles.under}>
          {facts.map((fact, index) => (
            <Fragment key={`${index} ${fact}`}>
              {index === 0 ? null : " · "}
              <bdi>{fact}</bdi>
            </Fragment>
          ))}
        </span>
      )}
      <span className={styles.under}>
        {admittedBy === "" ? (
          <Trans>
            here since <Day time={member.joinedAt} />
          </Trans>
        ) : (
          <Trans>
            here since <Day time={member.joinedAt} />, let in by <bdi>{admittedBy}</bdi>
          </Trans>
        )}
      </span>
    </>
  );
}
