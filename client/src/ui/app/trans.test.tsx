import { setupI18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Trans } from "./trans.tsx";

const i18n = setupI18n({
  locale: "ar",
  messages: { ar: { remove: ["إزالة ", ["name"], " من المجموعة؟"], count: ["<0>", ["count"], "</0> عضو"] } },
});

function shown(id: string, values: Readonly<Record<string, unknown>>, components = {}): string {
  return renderToStaticMarkup(
    <I18nProvider i18n={i18n}>
      <Trans id={id} values={values} components={components} />
    </I18nProvider>,
  );
}

test("a name turns no sentence around: its direction, its dots and its bidi marks end with it", () => {
  for (const name of ["Ana D.", "\u202egnp.exe", "سلمى"])
    expect(shown("remove", { name })).toBe(`إزالة <bdi>${name}</bdi> من المجموعة؟`);
});

test("a name that looks like a tag stays the text that it is", () => {
  expect(shown("remove", { name: "<0>b</0>" })).toBe("إزالة <bdi>&lt;0&gt;b&lt;/0&gt;</bdi> من المجموعة؟");
  expect(shown("count", { count: 3 }, { 0: <strong /> })).toBe("<strong>3</strong> عضو");
});
