import { setupI18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { parseMarkdown, type Post, type Unionhall } from "../../core/index.ts";
import { HallProvider } from "../app/hall.tsx";
import { groupKeys } from "../groups/use-groups.ts";
import { PostArticle } from "./post-article.tsx";

const i18n = setupI18n({ locale: "en", messages: { en: {} } });

const failed: Post = {
  recordId: "aa",
  author: { accountId: "bb", name: "Ana" },
  union: null,
  text: "Hello",
  body: parseMarkdown("Hello"),
  time: 0,
  mine: true,
  state: { kind: "failed", problem: "group-stopped" },
};

/** Nothing is asked of it while a page is only drawn. */
const hall: Unionhall = Object.create(null);

function shown(reason: string): string {
  const queries = new QueryClient();
  queries.setQueryData(groupKeys.one("g"), { standing: { kind: "stopped", reason, byName: null } });
  return renderToStaticMarkup(
    <I18nProvider i18n={i18n}>
      <HallProvider hall={hall}>
        <QueryClientProvider client={queries}>
          <PostArticle groupId="g" post={failed} place={1} total={1} newFromHere={0} onQuote={null} />
        </QueryClientProvider>
      </HallProvider>
    </I18nProvider>,
  );
}

test("a post in a group whose newest key has not come says that, and of no change that cannot be checked", () => {
  const withoutKey = "newest key has not come to this device";
  const unchecked = "its last change cannot be checked";
  expect(shown("no-box")).toContain(withoutKey);
  expect(shown("no-box")).not.toContain(unchecked);
  expect(shown("era-keys-differ")).toContain(unchecked);
  expect(shown("era-keys-differ")).not.toContain(withoutKey);
});
