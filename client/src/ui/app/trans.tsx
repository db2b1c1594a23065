import { Trans as LinguiTrans, type TransProps } from "@lingui/react";

/**
 * Lingui's Trans reads tags after it has put the values in: a title such as `<script>` would lose its tags on screen, and `<0>` would take on the
 * sentence's own elements. A value that is an element is never read, so every text goes in as one: as one whose direction and
 * bidi marks end with it, whatever somebody calls themselves.
 */
export function Trans({ values, ...props }: TransProps) {
  const elements =
    values && Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(name, value)]));
  return <LinguiTrans {...props} {...(elements ? { values: elements } : {})} />;
}

function shown(name: string, value: unknown): unknown {
  return typeof value === "string" ? <bdi key={name}>{value}</bdi> : value;
}
