import { randomBytes } from "node:crypto";
import {
  box,
  boxKeyPair,
  open,
  randomBoxSeed,
  seal,
  sign,
  signingKeyPair,
  unbox,
  verifySignature,
} from "@unionhall/crypto";
import {
  aeadOpen,
  aeadSeal,
  ed25519Sign,
  ed25519Verify,
  xwingDecapsulate,
  xwingEncapsulate,
} from "../../crypto/src/sodium.ts";
import { type Figure, median, type Size } from "./figures.ts";

const part = "crypto";
const textBytes = 2048;
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));

/** What one of our own operations is compared with. */
interface Pair {
  readonly name: string;
  readonly ours: () => unknown;
  /** The one libsodium call at its heart, through the same WebAssembly. */
  readonly bare: () => unknown;
}

/** Our primitives per second, each beside the bare libsodium call. */
export async function benchCrypto(size: Size): Promise<readonly Figure[]> {
  const [runs, runMilliseconds] = size === "full" ? [11, 200] : [3, 30];
  return pairs().flatMap(({ name, ours, bare }): readonly Figure[] => {
    perSecond(ours, runMilliseconds);
    perSecond(bare, runMilliseconds);
    const measured = Array.from({ length: runs }, () => {
      // Side by side, so that whatever else the machine does falls on both.
      const mine = perSecond(ours, runMilliseconds);
      const theirs = perSecond(bare, runMilliseconds);
      return { mine, theirs, ratio: mine / theirs };
    });
    return [
      { part, what: name, value: median(measured.map(({ mine }) => mine)), unit: "per second" },
      {
        part,
        what: `${name}: the bare libsodium call`,
        value: median(measured.map(({ theirs }) => theirs)),
        unit: "per second",
      },
      { part, what: `${name}: ratio`, value: median(measured.map(({ ratio }) => ratio)), unit: "of the bare call" },
    ];
  });
}

function pairs(): readonly Pair[] {
  const text = random(textBytes);
  const header = random(64);
  const key = random(32);
  const nonce = random(24);
  const sealed = seal(text, header, key, nonce);
  const bareSealed = aeadSeal(text, header, nonce, key);
  const signer = signingKeyPair(random(32));
  const signature = sign(text, signer.secretKey);
  const recipient = boxKeyPair(random(32));
  const seed = randomBoxSeed(random);
  const boxed = box("era", key, header, recipient.publicKey, seed);
  const { ciphertext } = xwingEncapsulate(recipient.publicKey, seed.encapsulation);
  return [
    {
      name: "seal 2 KB",
      ours: () => seal(text, header, key, nonce),
      bare: () => aeadSeal(text, header, nonce, key),
    },
    { name: "open 2 KB", ours: () => open(sealed, header, key), bare: () => aeadOpen(bareSealed, header, nonce, key) },
    {
      name: "sign 2 KB",
      ours: () => sign(text, signer.secretKey),
      bare: () => ed25519Sign(text, signer.secretKey),
    },
    {
      name: "verify 2 KB",
      ours: () => verifySignature(signer.publicKey, text, signature),
      bare: () => ed25519Verify(signature, text, signer.publicKey),
    },
    {
      name: "box 32 bytes",
      ours: () => box("era", key, header, recipient.publicKey, seed),
      bare: () => xwingEncapsulate(recipient.publicKey, seed.encapsulation),
    },
    {
      name: "open a box",
      ours: () => unbox("era", boxed, header, recipient),
      bare: () => xwingDecapsulate(ciphertext, recipient.secretKey),
    },
  ];
}

function perSecond(work: () => unknown, runMilliseconds: number): number {
  const began = performance.now();
  let done = 0;
  let passed = 0;
  while (passed < runMilliseconds) {
    work();
    done += 1;
    passed = performance.now() - began;
  }
  return (done * 1000) / passed;
}
