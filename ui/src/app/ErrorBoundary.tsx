import { Component, type ErrorInfo, type ReactNode } from "react";
import { Failed } from "../components/states";

/** ErrorBoundary keeps the shell standing when a page breaks, and says so. */
export class ErrorBoundary extends Component<{ children: ReactNode; at: string }, { error: unknown }> {
  state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error("the page broke", error, info.componentStack);
  }

  componentDidUpdate(before: { at: string }) {
    if (before.at !== this.props.at && this.state.error !== null) this.setState({ error: null });
  }

  render() {
    if (this.state.error === null) return this.props.children;
    return <Failed page error={this.state.error} what="page" retry={() => this.setState({ error: null })} />;
  }
}
