import { CheckmarkCircle16Regular, ErrorCircle16Filled, PauseCircle16Filled, Prohibited16Regular, Warning16Filled } from "@fluentui/react-icons";
import { Status, type States } from "../../components/Status";

const states: States = {
  on: [<CheckmarkCircle16Regular key="i" />, "good"],
  off: [<Prohibited16Regular key="i" />, "quiet"],
  paused: [<PauseCircle16Filled key="i" />, "warn"],
  completed: [<CheckmarkCircle16Regular key="i" />, "good"],
  partiallyFailed: [<Warning16Filled key="i" />, "warn"],
  failed: [<ErrorCircle16Filled key="i" />, "bad"],
  skipped: [<Warning16Filled key="i" />, "quiet"],
};

/** RunStatus is the state of a detection, or of a run of one. */
export const RunStatus = ({ value }: { value: string }) => <Status value={value} states={states} />;
