import { useRef, useState } from "react";
import { type Failure, failureOf } from "../problems/failure.ts";

/**
 * One of several that a person chooses, shown at once and kept meanwhile. Of choices made one after the other only the newest counts: nothing is
 * said of the others.
 *
 * @param kept what holds while nothing is being chosen
 * @param goBack called where the newest could not be kept
 */
export function useChoice<Value extends string>(
  kept: Value,
  keep: (value: Value) => Promise<unknown>,
  goBack?: () => void,
) {
  const [shown, setShown] = useState<Value | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const newest = useRef(0);
  const choose = async (value: Value): Promise<void> => {
    const mine = ++newest.current;
    setShown(value);
    setFailure(null);
    const refused = await keep(value).then(() => null, failureOf);
    if (mine !== newest.current) return;
    setShown(null);
    setFailure(refused);
    if (refused) goBack?.();
  };
  return { value: shown ?? kept, failure, choose };
}
