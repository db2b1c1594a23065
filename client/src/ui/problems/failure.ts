import { HallError, type HallProblem, hallProblems } from "../../core/index.ts";

/** Why something was refused: one of core's problems, or nothing that core knows. */
export type Failure = HallProblem | "unexpected";

const known = new Set<string>(hallProblems);

export function isHallProblem(code: string): code is HallProblem {
  return known.has(code);
}

/** The problem an error stands for; also for errors that crossed the worker's boundary as plain data. */
export function failureOf(error: unknown): Failure {
  if (error instanceof HallError) return error.problem;
  if (typeof error === "object" && error !== null && "problem" in error && typeof error.problem === "string")
    return isHallProblem(error.problem) ? error.problem : "unexpected";
  return "unexpected";
}
