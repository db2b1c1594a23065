/** That libsodium computes what the standards say: published test vectors. */
import { expect, test } from "vitest";
import { aeadSeal, blake2b, xwingDecapsulate, xwingEncapsulate, xwingKeyPair } from "../sodium.ts";
import { ascii, fromHex, toHex } from "./bytes.ts";
import { labelAgreement } from "./label-key.ts";
import { sign, signingKeyPair } from "./sign.ts";
import { verifySignature } from "./verify-signature.ts";

test("Ed25519: RFC 8032 section 7.1, tests 1 and 2", () => {
  const first = signingKeyPair(fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  expect(toHex(first.publicKey)).toBe("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  expect(toHex(sign(new Uint8Array(), first.secretKey))).toBe(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  );
  const second = signingKeyPair(fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  expect(toHex(second.publicKey)).toBe("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  expect(toHex(sign(Uint8Array.of(0x72), second.secretKey))).toBe(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  );
});

test("BLAKE2b-256 of nothing", () => {
  expect(toHex(blake2b(new Uint8Array(), null))).toBe(
    "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8",
  );
});

test("X25519: RFC 7748 section 5.2, first vector", () => {
  const shared = labelAgreement(
    fromHex("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
    fromHex("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
  );
  expect(toHex(shared)).toBe("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
});

test("X-Wing: draft-connolly-cfrg-xwing-kem-08, appendix C, first vector", () => {
  const { publicKey, secretKey } = xwingKeyPair(
    fromHex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"),
  );
  const seed = fromHex(
    "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
  );
  const { ciphertext, sharedSecret } = xwingEncapsulate(publicKey, seed);
  expect(toHex(publicKey.slice(0, 32))).toBe("e2236b35a8c24b39b10aa1323a96a919a2ced88400633a7b07131713fc14b2b5");
  expect(toHex(ciphertext.slice(0, 32))).toBe("b83aa828d4d62b9a83ceffe1d3d3bb1ef31264643c070c5798927e41fb07914a");
  expect(toHex(sharedSecret)).toBe("d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384");
  expect(xwingDecapsulate(ciphertext, secretKey)).toStrictEqual(sharedSecret);
});

test("XChaCha20-Poly1305: draft-irtf-cfrg-xchacha-03, appendix A.3.1", () => {
  const plaintext = ascii(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  );
  const key = Uint8Array.from({ length: 32 }, (_, index) => 0x80 + index);
  const nonce = Uint8Array.from({ length: 24 }, (_, index) => 0x40 + index);
  const sealed = aeadSeal(plaintext, fromHex("50515253c0c1c2c3c4c5c6c7"), nonce, key);
  expect(toHex(sealed.slice(0, 16))).toBe("bd6d179d3e83d43b9576579493c0e939");
  expect(toHex(sealed.slice(-16))).toBe("c0875924c1c7987947deafd8780acf49");
});

test("Ed25519: what is not 32 and 64 bytes long is false, not an error", () => {
  expect(verifySignature(new Uint8Array(31), new Uint8Array(), new Uint8Array(64))).toBe(false);
  expect(verifySignature(new Uint8Array(32), new Uint8Array(), new Uint8Array(63))).toBe(false);
  expect(verifySignature(new Uint8Array(32), new Uint8Array(), new Uint8Array(64))).toBe(false);
});
