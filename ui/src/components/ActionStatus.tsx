import { ArrowSync16Regular, ArrowUndo16Regular, CheckmarkCircle16Regular, Clock16Regular, DismissCircle16Regular, ErrorCircle16Filled, Prohibited16Regular, Warning16Filled } from "@fluentui/react-icons";
import { Status, type States } from "./Status";

const states: States = {
  pendingApproval: [<Clock16Regular key="i" />, "warn"],
  queued: [<Clock16Regular key="i" />, "brand"],
  inProgress: [<ArrowSync16Regular key="i" />, "brand"],
  succeeded: [<CheckmarkCircle16Regular key="i" />, "good"],
  partiallySucceeded: [<Warning16Filled key="i" />, "warn"],
  failed: [<ErrorCircle16Filled key="i" />, "bad"],
  timedOut: [<Warning16Filled key="i" />, "bad"],
  declined: [<Prohibited16Regular key="i" />, "quiet"],
  expired: [<Clock16Regular key="i" />, "quiet"],
  cancelled: [<DismissCircle16Regular key="i" />, "quiet"],
  undone: [<ArrowUndo16Regular key="i" />, "quiet"],
};

/** ActionStatus is how far an action is. */
export const ActionStatus = ({ value }: { value: string }) => <Status value={value} states={states} />;
