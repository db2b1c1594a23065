/** What a browser said through one websocket: the bytes as they went up, and the words in its frames without their mask (RFC 6455). */
export class Tunnel {
  readonly #parts: Buffer[] = [];

  add(part: Buffer): void {
    this.#parts.push(part);
  }

  /** The upgrade request and the payloads of all whole frames, one after the other. */
  said(): Buffer {
    const all = Buffer.concat(this.#parts);
    const end = all.indexOf("\r\n\r\n");
    if (end < 0) return all;
    const said: Buffer[] = [all.subarray(0, end)];
    for (let rest = all.subarray(end + 4); rest.length > 6;) {
      const frame = frameIn(rest);
      if (frame === null) break;
      said.push(frame.payload);
      rest = rest.subarray(frame.length);
    }
    return Buffer.concat(said);
  }
}

function frameIn(bytes: Buffer): { readonly payload: Buffer; readonly length: number } | null {
  const short = (bytes[1] ?? 0) & 0x7f;
  const headLength = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < headLength + 4) return null;
  const size = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  const length = headLength + 4 + size;
  if (bytes.length < length) return null;
  const mask = bytes.subarray(headLength, headLength + 4);
  const payload = Buffer.from(bytes.subarray(headLength + 4, length));
  for (let at = 0; at < size; at++) payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
  return { payload, length };
}
