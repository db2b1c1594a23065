const mostShown = 5;

/** Languages that somebody named in their profile, as they are called in the reader's. What is no language's code is left out. */
export function languageNames(codes: readonly string[], reader: string): readonly string[] {
  const names = new Intl.DisplayNames([reader], { type: "language", fallback: "none" });
  const known = codes
    .filter((code) => /^[a-z]{2,3}(-[a-z]{4})?(-[a-z]{2})?$/i.test(code))
    .map((code) => names.of(code));
  return [...new Set(known)].filter((name) => name !== undefined).slice(0, mostShown);
}
