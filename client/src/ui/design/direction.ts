/** By what is typed; while nothing is, as the page, since browsers take an empty field for left to right. */
export function directionOf(dir: string | undefined, value: string): string | undefined {
  return dir === "auto" && value === "" ? undefined : dir;
}
