import { Trans, useLingui } from "@lingui/react/macro";
import type { Definition, FootnoteDefinition, ListItem, Nodes, Root, Table } from "mdast";
import { createContext, type ReactNode, useContext } from "react";
import { Scrollable } from "../design/scrollable.tsx";
import { safeLink } from "./safe-link.ts";
import styles from "./markdown.module.css";

interface Notes {
  readonly definitions: ReadonlyMap<string, Definition>;
  /** The depths of headings that the post uses, so that no level is left out for those who hear it. */
  readonly depths: readonly number[];
  /** Footnotes in the order in which they stand. */
  readonly footnotes: readonly FootnoteDefinition[];
}

const NotesContext = createContext<Notes>({ definitions: new Map(), depths: [], footnotes: [] });

/** Depth-first, everything in a tree. */
function* walk(node: Nodes): Generator<Nodes> {
  yield node;
  if ("children" in node) for (const child of node.children) yield* walk(child);
}

function notesOf(root: Root): Notes {
  const definitions = new Map<string, Definition>();
  const footnotes: FootnoteDefinition[] = [];
  const depths = new Set<number>();
  for (const node of walk(root)) {
    if (node.type === "definition" && !definitions.has(node.identifier)) definitions.set(node.identifier, node);
    if (node.type === "heading") depths.add(node.depth);
    if (node.type === "footnoteDefinition") footnotes.push(node);
  }
  return { definitions, depths: [...depths].toSorted((one, other) => one - other), footnotes };
}

function textOf(node: Nodes): string {
  return [...walk(node)].map((part) => (part.type === "text" || part.type === "inlineCode" ? part.value : "")).join("");
}

/** A post's Markdown as React elements. Nothing in it ever becomes HTML, loads anything, or runs. */
export function Markdown({ body }: { readonly body: Root }) {
  const notes = notesOf(body);
  return (
    <NotesContext value={notes}>
      <div className={styles.body} dir="auto" translate="no">
        <Children of={body} />
        <Footnotes notes={notes} />
      </div>
    </NotesContext>
  );
}

function Children({ of }: { readonly of: { readonly children: readonly Nodes[] } }): ReactNode {
  return of.children.map((child, index) => <Node key={`${index} ${child.type}`} node={child} />);
}

function Node({ node }: { readonly node: Nodes }): ReactNode {
  switch (node.type) {
    case "root":
      return <Children of={node} />;
    case "paragraph":
      return (
        <p>
          <Children of={node} />
        </p>
      );
    case "heading":
      return <Heading depth={node.depth}>{<Children of={node} />}</Heading>;
    case "text":
      return node.value;
    case "emphasis":
      return (
        <em>
          <Children of={node} />
        </em>
      );
    case "strong":
      return (
        <strong>
          <Children of={node} />
        </strong>
      );
    case "delete":
      return (
        <del>
          <Children of={node} />
        </del>
      );
    case "blockquote":
      return (
        <blockquote>
          <Children of={node} />
        </blockquote>
      );
    case "inlineCode":
      return <code dir="ltr">{node.value}</code>;
    case "code":
      return <CodeBlock value={node.value} />;
    case "list":
      return node.ordered ? (
        <ol start={node.start ?? 1}>
          <Children of={node} />
        </ol>
      ) : (
        <ul>
          <Children of={node} />
        </ul>
      );
    case "listItem":
      return <Item item={node} />;
    case "break":
      return <br />;
    case "thematicBreak":
      return <hr />;
    case "link":
      return (
        <Outward url={node.url} text={textOf(node)}>
          {<Children of={node} />}
        </Outward>
      );
    case "image":
      return <Image url={node.url} alt={node.alt ?? ""} />;
    case "linkReference":
    case "imageReference":
      return <Reference node={node} />;
    case "html":
      return <span className={styles.source}>{node.value}</span>;
    case "table":
      return <TableOf table={node} />;
    case "footnoteReference":
      return <FootnoteMark identifier={node.identifier} />;
    case "tableRow":
    case "tableCell":
    case "definition":
    case "footnoteDefinition":
    case "yaml":
      return null;
  }
}

/** Headings inside a post rank below the topic's own. */
function Heading({ depth, children }: { readonly depth: number; readonly children: ReactNode }) {
  const rank = useContext(NotesContext).depths.indexOf(depth);
  if (rank <= 0) return <h3>{children}</h3>;
  return rank === 1 ? <h4>{children}</h4> : <h5>{children}</h5>;
}

function Item({ item }: { readonly item: ListItem }) {
  const { t } = useLingui();
  const ticked = item.checked ?? null;
  return (
    <li className={ticked === null ? undefined : styles.task}>
      {ticked === null ? null : (
        <input type="checkbox" checked={ticked} readOnly disabled aria-label={ticked ? t`Done` : t`Not done`} />
      )}
      <Children of={item} />
    </li>
  );
}

interface OutwardProps {
  readonly url: string;
  readonly text: string;
  readonly children: ReactNode;
}

/** A link that leaves the hall: tells the other side nothing about where it was clicked. */
function Outward({ url, text, children }: OutwardProps) {
  const link = safeLink(url, text);
  if (!link)
    return (
      <span className={styles.source}>
        {text === url ? (
          text
        ) : (
          <>
            {children} ({url})
          </>
        )}
      </span>
    );
  return (
    <>
      <a href={link.href} target="_blank" rel="noopener noreferrer" referrerPolicy="no-referrer">
        {children}
      </a>
      {link.leadsTo ? <bdi className={styles.leadsTo}> ({link.leadsTo})</bdi> : null}
    </>
  );
}

/** Pictures are never fetched: loading one would tell a stranger's server who reads here. */
function Image({ url, alt }: { readonly url: string; readonly alt: string }) {
  const said = alt === "" ? url : alt;
  return (
    <Outward url={url} text={said}>
      <Trans>Picture: {said}</Trans>
    </Outward>
  );
}

type ReferenceNode = Extract<Nodes, { type: "linkReference" | "imageReference" }>;

function Reference({ node }: { readonly node: ReferenceNode }) {
  const definition = useContext(NotesContext).definitions.get(node.identifier);
  if (node.type === "imageReference")
    return definition ? <Image url={definition.url} alt={node.alt ?? ""} /> : <>{`![${node.alt ?? ""}]`}</>;
  if (!definition)
    return (
      <>
        [<Children of={node} />]
      </>
    );
  return (
    <Outward url={definition.url} text={textOf(node)}>
      {<Children of={node} />}
    </Outward>
  );
}

function FootnoteMark({ identifier }: { readonly identifier: string }) {
  const { i18n } = useLingui();
  const { footnotes } = useContext(NotesContext);
  const place = footnotes.findIndex((note) => note.identifier === identifier);
  return <sup>[{place < 0 ? identifier : i18n.number(place + 1)}]</sup>;
}

function Footnotes({ notes }: { readonly notes: Notes }) {
  if (notes.footnotes.length === 0) return null;
  return (
    <ol className={styles.footnotes}>
      {notes.footnotes.map((note) => (
        <li key={note.identifier}>
          <Children of={note} />
        </li>
      ))}
    </ol>
  );
}

function CodeBlock({ value }: { readonly value: string }) {
  const { t } = useLingui();
  return (
    <Scrollable className={styles.code} aria-label={t`Verbatim text`}>
      <pre dir="ltr">
        <code>{value}</code>
      </pre>
    </Scrollable>
  );
}

function TableOf({ table }: { readonly table: Table }) {
  const { t } = useLingui();
  const [head, ...rows] = table.children;
  const align = (column: number) => table.align?.[column] ?? undefined;
  return (
    <Scrollable className={styles.table} aria-label={t`Table`}>
      <table>
        <thead>
          <tr>
            {head?.children.map((cell, column) => (
              <th key={`${column} head`} scope="col" data-align={align(column)}>
                <Children of={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={`${index} row`}>
              {row.children.map((cell, column) => (
                <td key={`${column} cell`} data-align={align(column)}>
                  <Children of={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}
