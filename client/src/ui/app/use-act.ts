import { useMutation } from "@tanstack/react-query";
import { type Failure, failureOf } from "../problems/failure.ts";

export interface Act<Input> {
  /** Starts it; does nothing while it runs. */
  readonly run: (input: Input) => void;
  readonly pending: boolean;
  /** Why it was refused, until the next try. */
  readonly failure: Failure | null;
  readonly reset: () => void;
}

/**
 * One act through core's door, started by a person. Core's change events bring what it changed, so nothing is invalidated here.
 *
 * @param then called with the answer when it went well
 */
export function useAct<Input, Output>(
  act: (input: Input) => Promise<Output>,
  then?: (output: Output, input: Input) => void,
): Act<Input> {
  const mutation = useMutation({ mutationFn: act, onSuccess: (output, input) => then?.(output, input) });
  return {
    run: (input) => {
      if (!mutation.isPending) mutation.mutate(input);
    },
    pending: mutation.isPending,
    failure: mutation.error ? failureOf(mutation.error) : null,
    reset: mutation.reset,
  };
}
