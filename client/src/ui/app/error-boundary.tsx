import { Component, type ReactNode } from "react";
import { Refusal } from "../problems/refusal.tsx";
import { LoadAgain } from "./not-fetched.tsx";
import styles from "./error-boundary.module.css";

interface BoundaryProps {
  readonly children: ReactNode;
  /** Around the whole page rather than one pane. */
  readonly whole?: boolean;
}

/** Keeps a mistake in one pane from taking the page down. What the error says is shown to nobody: it could hold what people wrote. */
export class ErrorBoundary extends Component<BoundaryProps, { readonly failed: boolean }> {
  override readonly state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div className={this.props.whole ? styles.whole : styles.pane}>
        <Refusal failure="unexpected" acts={<LoadAgain />} />
      </div>
    );
  }
}
