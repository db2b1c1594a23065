import { anyData, decodeWithin } from "@unionhall/crypto/verify";
import { groupLimits } from "../contract/group-limits.ts";
import { ClientFrame, ServerFrame } from "../contract/live.ts";
import { fromWire } from "../contract/wire.ts";
import { encodeStructure } from "../log/log-items.ts";

/**
 * A client's frame from one message.
 *
 * @throws {EncodingError} what is not strict CBOR
 * @throws {WireError} what is no frame of the contract
 */
export function decodeFrame(message: Uint8Array): ClientFrame {
  const { frameBytes, itemsPerRequest } = groupLimits;
  return fromWire(ClientFrame, decodeWithin(anyData(), message, frameBytes, itemsPerRequest));
}

/**
 * One message to a client, as it goes onto the wire: the websocket header of a whole, unmasked, binary message (RFC 6455 section 5.2) and the
 * frame. So a message to many readers is one write to each, of the same bytes.
 */
export function encodeFrame(frame: ServerFrame): Buffer {
  const bytes = encodeStructure(ServerFrame, frame);
  return Buffer.concat([headerOf(bytes.length), bytes]);
}

const wholeBinary = 0x82;

function headerOf(length: number): Buffer {
  if (length < 126) return Buffer.from([wholeBinary, length]);
  if (length < 65_536) return Buffer.from([wholeBinary, 126, length >> 8, length & 255]);
  const header = Buffer.alloc(10);
  header[0] = wholeBinary;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
