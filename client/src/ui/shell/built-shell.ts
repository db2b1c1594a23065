/** What the service worker knows of the build that it keeps. */
export interface BuiltShell {
  /** Names this build. */
  readonly version: string;
  /** SHA-256 of `index.html`, lower-case hex. */
  readonly page: string;
  /** Paths of all other files. */
  readonly files: readonly string[];
}
