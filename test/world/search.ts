import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Something that must not be found, as whoever has the disk would look for it. */
export interface Needle {
  readonly what: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** A text or bytes in every form it is looked for: as it is, UTF-16 both ways, hex, base64 at each of the three alignments. */
export function needlesOf(what: string, value: string | Uint8Array): readonly Needle[] {
  const raw = Buffer.from(value);
  const wide = typeof value === "string" ? Buffer.from(value, "utf16le") : null;
  const forms: Record<string, Buffer> = {
    "utf-8": raw,
    hex: Buffer.from(raw.toString("hex")),
    HEX: Buffer.from(raw.toString("hex").toUpperCase()),
    ...(wide === null ? {} : { "utf-16le": wide, "utf-16be": Buffer.from(wide).swap16() }),
  };
  for (const shift of [0, 1, 2])
    for (const alphabet of ["base64", "base64url"] as const)
      forms[`${alphabet} ${shift}`] = Buffer.from(stableBase64(raw, shift, alphabet));
  return Object.entries(forms).map(([form, bytes]) => ({ what, form, bytes }));
}

/** The part of the base64 of `shift` bytes and then `raw` that does not depend on what stands before or behind. */
function stableBase64(raw: Buffer, shift: number, alphabet: "base64" | "base64url"): string {
  const text = Buffer.concat([Buffer.alloc(shift), raw])
    .toString(alphabet)
    .replace(/=+$/, "");
  const from = shift === 0 ? 0 : shift + 1;
  const isWhole = (shift + raw.length) % 3 === 0;
  return text.slice(from, isWhole ? undefined : -1);
}

export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Every file below a folder. */
export function filesBelow(folder: string): readonly Place[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const name = join(entry.parentPath, entry.name);
      return { name, bytes: readFileSync(name) };
    });
}

/** What was found, and where. */
export function search(places: readonly Place[], needles: readonly Needle[]): readonly string[] {
  return places.flatMap(({ name, bytes }) =>
    needles.filter((needle) => bytes.includes(needle.bytes)).map(({ what, form }) => `${what} (${form}) in ${name}`),
  );
}
