/** Languages that many members of trade unions write in. */
const codes =
  "af am ar az be bg bn bs ca cs da de el en es et eu fa fi fil fr ga gl ha he hi hr hu hy id ig is it ja ka kk km ko ku lo lt lv mk mn ms my nb ne nl om pa pl ps pt ro ru rw si sk sl so sq sr sv sw ta te th ti tr uk ur uz vi wo xh yo zh zu".split(
    " ",
  );

export interface NamedLanguage {
  readonly code: string;
  readonly name: string;
}

/** Each language by its own name, in the order of these names. @param chosen stands among them whatever it is */
export function namedLanguages(chosen: string): readonly NamedLanguage[] {
  const all = codes.includes(chosen) || chosen === "" ? codes : [...codes, chosen];
  return all
    .map((code) => ({ code, name: ownName(code) }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

function ownName(code: string): string {
  try {
    const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
    return name.slice(0, 1).toLocaleUpperCase(code) + name.slice(1);
  } catch {
    // What is no language's code, as another program may have written it.
    return code;
  }
}
