import { Trans, useLingui } from "@lingui/react/macro";
import { Button, I18nProvider, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { ReactNode } from "react";
import type { Member } from "../../core/index.ts";
import { MoreIcon } from "../design/icons.tsx";
import type { MemberAct } from "./member-row.tsx";
import styles from "./member-menu.module.css";

interface MemberMenuProps {
  readonly member: Member;
  readonly onAct: (act: MemberAct) => void;
}

/** What a facilitator can do about one person. */
export default function MemberMenu({ member, onAct }: MemberMenuProps): ReactNode {
  const { t, i18n } = useLingui();
  const { name } = member.profile;
  // Inside the main landmark, so that screen readers find it where the button stands.
  const main = document.getElementById("main") ?? document.body;
  return (
    <I18nProvider locale={i18n.locale}>
      <MenuTrigger>
        <Button className={styles.trigger ?? ""} aria-label={t`What to do about ${name}`}>
          <MoreIcon />
        </Button>
        <Popover className={styles.popover ?? ""} placement="bottom end" isNonModal UNSTABLE_portalContainer={main}>
          <Menu
            className={styles.menu ?? ""}
            aria-label={name}
            onAction={(key) => {
              if (key === "role" || key === "remove") onAct(key);
            }}
          >
            <MenuItem id="role" className={styles.item ?? ""}>
              {member.role === "facilitator" ? (
                <Trans>No longer a facilitator…</Trans>
              ) : (
                <Trans>Make a facilitator…</Trans>
              )}
            </MenuItem>
            {member.you ? null : (
              <MenuItem id="remove" className={`${styles.item} ${styles.loss}`}>
                <Trans>Remove from the group…</Trans>
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
    </I18nProvider>
  );
}
