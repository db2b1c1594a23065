/**
 * What is left of a name when everything is taken away by which it could differ and still look the same: case, width, accents, white space,
 * characters that show nothing, and letters of other scripts drawn like Latin ones. Two names with one skeleton are shown with their accounts
 * (threat model, attack 9). It errs to the safe side: names that only resemble each other get their accounts shown too.
 */
export function lookAlike(name: string): string {
  const plain = name.normalize("NFKD").replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, "");
  const latin = Array.from(plain, (letter) => drawnAs.get(letter) ?? letter).join("");
  const sameStrokes = latin
    .toLowerCase()
    .replace(/[il1|]/g, "l")
    .replaceAll("0", "o")
    .replaceAll("rn", "m");
  return sameStrokes.replace(/[\p{White_Space}\p{P}]+/gu, " ").trim();
}

/** Cyrillic, Greek and a few Latin letters, and what they are drawn like; capitals apart, which may be drawn like another letter. */
const drawnAs: ReadonlyMap<string, string> = pairs(
  ["АВЕЅІЈКМНОРСТУХҮԚԜ", "ABESIJKMHOPCTYXYQW"],
  ["авеѕіјкмнорстухһԁԛԝӏ", "abesijkmhopctyxhdqwl"],
  ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"],
  ["αβεικνορτυχγϲϳ", "abeikvoptuxycj"],
  ["ıɑɡɩ", "iagi"],
);

function pairs(...lines: readonly (readonly [from: string, to: string])[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap(([from, to]) => {
      const drawn = Array.from(to);
      return Array.from(from, (letter, at): [string, string] => [letter, drawn[at] ?? letter]);
    }),
  );
}
