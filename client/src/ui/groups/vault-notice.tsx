import { Trans } from "@lingui/react/macro";
import { useHall } from "../app/hall.tsx";
import { useAct } from "../app/use-act.ts";
import { useMe } from "../app/use-session.ts";
import { Button } from "../design/button.tsx";
import { When } from "../design/moment.tsx";
import { Notice } from "../design/notice.tsx";

/** Says that the hall gave out another vault than this account's newest. */
export function VaultNotice() {
  const hall = useHall();
  const me = useMe();
  const dismiss = useAct(() => hall.session.dismissVaultTrouble());
  const trouble = me?.vaultTrouble;
  if (!trouble) return null;
  if (trouble.kind === "refused")
    return (
      <Notice tone="urgent">
        <p>
          <Trans>
            What the server gives out as your account's safe copy is not yours, and was refused. This device goes on
            with what it holds. Keep your 12 words, and tell whoever runs the hall.
          </Trans>{" "}
          <When time={trouble.noticedAt} />
        </p>
      </Notice>
    );
  return (
    <Notice
      tone="urgent"
      acts={
        <Button tone="plain" pending={dismiss.pending} onClick={() => dismiss.run(undefined)}>
          <Trans>Understood</Trans>
        </Button>
      }
    >
      <p>
        <Trans>
          The server gave out an older safe copy of your account than the newest one. What this device and your groups
          know was put back. If a group is missing here, ask to be let in again, and tell whoever runs the hall.
        </Trans>{" "}
        <When time={trouble.noticedAt} />
      </p>
    </Notice>
  );
}
