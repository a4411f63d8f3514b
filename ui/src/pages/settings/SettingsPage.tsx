import { AlertOn24Regular, DatabaseArrowDown20Regular, Desktop24Regular, History24Regular, PlugConnected24Regular, TaskListLtr24Regular, ToggleMultiple24Regular } from "@fluentui/react-icons";
import { Doors } from "../../components/Doors";
import { PageHeader } from "../../components/layout";

const doors = [
  { href: "/settings/notifications", title: "Notification rules", text: "Who is told of which alerts, by mail or webhook: only those who may see them, and only what they may see.", icon: <AlertOn24Regular /> },
  { href: "/settings/deliveries", title: "Delivery log", text: "What was told to whom by which rule, what was withheld and why, and what is tried again.", icon: <History24Regular /> },
  { href: "/settings/channels", title: "Channels", text: "The mail server, the webhooks and the executors of the configuration, without their secrets.", icon: <PlugConnected24Regular /> },
  { href: "/settings/feeds", title: "Feeds", text: "What hunting queries look up beside the tables: lists from elsewhere, what is known about files, where addresses are. Who may read it, and how loading goes.", icon: <DatabaseArrowDown20Regular fontSize={24} /> },
  { href: "/settings/centre", title: "Actions and incidents", text: "Whether one approves one's own requests, and whether the number of hidden alerts is told.", icon: <TaskListLtr24Regular /> },
  { href: "/permissions/activation", title: "Workload settings", text: "Whose roles decide in each product. Under Permissions.", icon: <ToggleMultiple24Regular /> },
  { href: "/permissions/device-groups", title: "Device groups", text: "Ranks, rules, who is let in, and the remediation levels that decide what automation may do. Under Permissions.", icon: <Desktop24Regular /> },
];

/** The landing page of what the centre is told once, for everybody. */
export default function SettingsPage() {
  return (
    <>
      <PageHeader title="Settings" below="What the centre is told once, for everybody. Global and Security Administrators keep it." />
      <Doors doors={doors} />
    </>
  );
}
