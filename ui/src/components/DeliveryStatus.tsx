import { CheckmarkCircle16Regular, Clock16Regular, ErrorCircle16Filled, Prohibited16Regular } from "@fluentui/react-icons";
import { Status, type States } from "./Status";

const states: States = {
  pending: [<Clock16Regular key="i" />, "brand"],
  sent: [<CheckmarkCircle16Regular key="i" />, "good"],
  withheld: [<Prohibited16Regular key="i" />, "quiet"],
  failed: [<ErrorCircle16Filled key="i" />, "bad"],
};

/** DeliveryStatus is what became of a notification. */
export const DeliveryStatus = ({ value }: { value: string }) => <Status value={value} states={states} />;
