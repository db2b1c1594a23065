import { Trans } from "@lingui/react/macro";
import { Route, Switch } from "wouter";
import { later } from "./later.tsx";
import { GroupFrame } from "../groups/group-frame.tsx";
import { ConnectionBanner, WordsBanner } from "./banners.tsx";
import { NotFound } from "./not-found.tsx";
import { RailAndMain } from "./rail-and-main.tsx";
import styles from "./desk.module.css";

const Home = later(() => import("../groups/home.tsx"));
const Me = later(() => import("../account/me-page.tsx"));
const FoundGroup = later(() => import("../groups/found-group-page.tsx"));

/** Everything behind the lock. */
export function Desk() {
  return (
    <div className={styles.desk}>
      <header>
        <button type="button" className={styles.skip} onClick={() => document.getElementById("main")?.focus()}>
          <Trans>Skip to the content</Trans>
        </button>
        <ConnectionBanner />
        <WordsBanner />
      </header>
      <Switch>
        <Route path="/g/:groupId/*?">{({ groupId }) => <GroupFrame key={groupId} groupId={groupId} />}</Route>
        <Route path="/me">
          <RailAndMain>
            <Me />
          </RailAndMain>
        </Route>
        <Route path="/found">
          <RailAndMain>
            <FoundGroup />
          </RailAndMain>
        </Route>
        <Route path="/">
          <RailAndMain>
            <Home />
          </RailAndMain>
        </Route>
        <Route>
          <RailAndMain>
            <NotFound />
          </RailAndMain>
        </Route>
      </Switch>
    </div>
  );
}
