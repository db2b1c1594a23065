/** Where the build puts the service worker (`shell-keeper.ts`). */
const keeper = "/shell-keeper.js";

const policyName = "unionhall-shell";

/** Has the program kept on this device, where the browser can. Without it everything works as long as the hall can be reached. */
export async function keepShell(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // Refused by some browsers' private windows and settings.
  await navigator.serviceWorker.register(trusted(keeper), { updateViaCache: "none" }).catch(() => undefined);
}

/** The service worker's own address, and nothing else, as a trusted one. */
function trusted(url: string): string {
  const rules = {
    createScriptURL: (asked: string): string => {
      if (asked !== keeper) throw new TypeError("only the program's own service worker is started");
      return asked;
    },
  };
  return globalThis.trustedTypes?.createPolicy(policyName, rules).createScriptURL(url) ?? url;
}
