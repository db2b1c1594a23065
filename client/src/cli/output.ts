/** Where a command's words go. */
export interface Output {
  /** What the command was asked for: exactly one document, or the lines for people. */
  result(document: Readonly<Record<string, unknown>>, lines: readonly string[]): void;
  /** One of many, as they come. */
  line(document: Readonly<Record<string, unknown>>, text: string): void;
  /** Beside the result; never on standard output. */
  say(message: string): void;
  /** Whether the result was printed. */
  readonly hasResult: boolean;
}

export interface Streams {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

export function outputTo({ out, error }: Streams, json: boolean): Output {
  let hasResult = false;
  return {
    result: (document, lines) => {
      hasResult = true;
      out(json ? `${JSON.stringify(document)}\n` : lines.map((line) => `${line}\n`).join(""));
    },
    line: (document, text) => out(json ? `${JSON.stringify(document)}\n` : `${text}\n`),
    say: (message) => error(`${message}\n`),
    get hasResult() {
      return hasResult;
    },
  };
}

/** Milliseconds since 1970 as people and sorting read them. */
export function timeText(time: number): string {
  return new Date(time).toISOString().replace("T", " ").slice(0, 16);
}

/**
 * What others wrote, for a terminal: control characters, which could drive it, and marks that turn the direction of the text around are shown as
 * U+FFFD. Line ends and tabs stay.
 */
export function terminalText(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, "\u{fffd}");
}
