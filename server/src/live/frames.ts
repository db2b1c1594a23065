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
  return fromWire(ClientFrame, decodeWithin(anyData(), message, groupLimits.frameBytes));
}

/** One message to a client. */
export function encodeFrame(frame: ServerFrame): Buffer {
  const bytes = encodeStructure(ServerFrame, frame);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
