import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Button, type Tone } from "../design/button.tsx";
import { CopyIcon, DoneIcon } from "../design/icons.tsx";
import { useAnnounce } from "./announcer.tsx";

interface CopyButtonProps {
  readonly text: string;
  readonly tone?: Tone;
  readonly children: ReactNode;
}

/** Copies a text, and says whether that went well. */
export function CopyButton({ text, tone = "quiet", children }: CopyButtonProps) {
  const { t } = useLingui();
  const announce = useAnnounce();
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const notCopied = t`Could not be copied. Select it and copy it yourself.`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
      announce(t`Copied`);
    } catch {
      setState("failed");
      announce(notCopied);
    }
  };
  return (
    <>
      <Button tone={tone} onClick={() => void copy()}>
        {state === "copied" ? <DoneIcon /> : <CopyIcon />}
        {state === "copied" ? t`Copied` : children}
      </Button>
      {state === "failed" ? <span>{notCopied}</span> : null}
    </>
  );
}
