import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { InvitePreview } from "../../core/index.ts";
import { useArrival } from "../app/arrival.ts";
import { useHall } from "../app/hall.tsx";
import { useTabTitle } from "../app/landing.ts";
import { Sheet, sheetStyles } from "../app/sheet.tsx";
import { useAct } from "../app/use-act.ts";
import { useDeviceState } from "../app/use-session.ts";
import { ButtonLink } from "../design/button.tsx";
import { Waiting } from "../design/working.tsx";
import { failureOf } from "../problems/failure.ts";
import { GoOnWithoutLink } from "./go-on-without-link.tsx";
import { InvitePreviewStep } from "./invite-preview-step.tsx";
import { JoinOutcome } from "./join-outcome.tsx";
import { LinkRefused } from "./link-refused.tsx";
import { RegisterFlow } from "./register-flow.tsx";

/** Coming in by an invite link. */
export default function JoinPage() {
  const { t } = useLingui();
  useTabTitle(t`Come in`);
  const hall = useHall();
  const arrival = useArrival("join");
  const link = arrival?.link ?? null;
  const preview = useQuery({
    // The link is a secret: its number stands for it, and what was read leaves the cache with this page.
    queryKey: ["invite-preview", arrival?.number],
    queryFn: () => hall.invites.preview(link ?? ""),
    enabled: link !== null,
    gcTime: 0,
    staleTime: 0,
  });
  if (link === null) return <GoOnWithoutLink next="/" />;
  return preview.data ? (
    <JoinFlow key={link} link={link} preview={preview.data} />
  ) : (
    <Sheet>
      <h1 className="for-ears">{t`Come in`}</h1>
      {preview.isError ? (
        <div className={sheetStyles.stack}>
          <LinkRefused
            failure={failureOf(preview.error)}
            onAgain={() => void preview.refetch()}
            pending={preview.isFetching}
          />
          <div>
            <ButtonLink tone="plain" href="/">
              <Trans>To the hall's front page</Trans>
            </ButtonLink>
          </div>
        </div>
      ) : (
        <Waiting />
      )}
    </Sheet>
  );
}

type Step = "preview" | "account" | "outcome";

function JoinFlow({ link, preview }: { readonly link: string; readonly preview: InvitePreview }) {
  const hall = useHall();
  const device = useDeviceState();
  const open = device.data?.kind === "open";
  const [step, setStep] = useState<Step>("preview");
  const [note, setNote] = useState("");
  const join = useAct((words: string) => hall.invites.join(link, { note: words }));
  switch (step) {
    case "preview":
      return (
        <InvitePreviewStep
          preview={preview}
          hasAccount={open}
          note={note}
          onNote={setNote}
          onNext={() => {
            if (open) join.run(note.trim());
            setStep(open ? "outcome" : "account");
          }}
        />
      );
    case "account":
      return (
        <RegisterFlow
          link={link}
          stepsBefore={1}
          noteFor={preview.mode === "approval" ? preview.inviterName : null}
          onBack={() => setStep("preview")}
          // Asked right away, so that the facilitator can look at it while the words are written down.
          onRegistered={(words) => {
            setNote(words);
            join.run(words);
          }}
          onDone={() => setStep("outcome")}
        />
      );
    case "outcome":
      return <JoinOutcome asked={preview} refused={{ failure: join.failure, onAgain: () => join.run(note.trim()) }} />;
  }
}
