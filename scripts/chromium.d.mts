export declare const headlessShell: string;

/** The browser that `CHROMIUM` names, if it is there; without that name, the first there is in the usual places. */
export declare function findChromium(): string | undefined;

/** The same for those who cannot do without. Throws an `Error` that says what to run. */
export declare function chromiumPath(): string;
