/** All that only a recovery needs, fetched together. */
export { beginRecovering, listDevice, rootOfWords } from "./recovering.ts";
export { mendOldVault } from "./old-vault.ts";
