/** Who writes in the demonstration. */
export type Slug =
  | "ana"
  | "bongani"
  | "chidi"
  | "claire"
  | "diego"
  | "farah"
  | "haruka"
  | "ingrid"
  | "lakshmi"
  | "neema"
  | "tomas"
  | "wei";

/** One member of the demonstration. Nobody of this name or union exists. */
export interface CastMember {
  readonly slug: Slug;
  readonly name: string;
  readonly union: string;
  readonly languages: readonly string[];
}

/** A post and its author. The text is Markdown. */
export type ScriptedPost = readonly [by: Slug, text: string];

/** A topic: its first post is its opening. */
export interface ScriptedTopic {
  readonly title: string;
  readonly posts: readonly [ScriptedPost, ...ScriptedPost[]];
}

/** A working group of the demonstration. */
export interface ScriptedGroup {
  readonly name: string;
  readonly description: string;
  /** Founds it. */
  readonly founder: Slug;
  /** Is made a facilitator beside the founder. */
  readonly second: Slug;
  /** Everybody else who comes in. */
  readonly others: readonly Slug[];
  /** Asks to come in and is left waiting for approval. */
  readonly waiting?: { readonly who: Slug; readonly note: string };
  readonly topics: readonly ScriptedTopic[];
}
