import { Subtitle2, Text, makeStyles, tokens } from "@fluentui/react-components";
import { AlertOn24Regular, DatabaseArrowDown20Regular, Desktop24Regular, History24Regular, PlugConnected24Regular, TaskListLtr24Regular, ToggleMultiple24Regular } from "@fluentui/react-icons";
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

const useStyles = makeStyles({
  cards: { display: "grid", gridTemplateColumns: "repeat(auto-fill, minmax(280px, 1fr))", gap: tokens.spacingHorizontalL },
  card: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalL,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    boxShadow: tokens.shadow2,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    ":hover": { boxShadow: tokens.shadow8, backgroundColor: tokens.colorNeutralBackground1Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "2px" },
  },
  title: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  icon: { color: tokens.colorBrandForeground1, display: "inline-flex" },
});

/** The landing page of what the centre is told once, for everybody. */
export default function SettingsPage() {
  const styles = useStyles();
  return (
    <>
      <PageHeader title="Settings" below="What the centre is told once, for everybody. Global and Security Administrators keep it." />
      <div className={styles.cards}>
        {doors.map(({ href, title, text, icon }) => (
          <a key={href} href={href} className={styles.card}>
            <span className={styles.title}>
              <span className={styles.icon}>{icon}</span>
              <Subtitle2 as="h2">{title}</Subtitle2>
            </span>
            <Text>{text}</Text>
          </a>
        ))}
      </div>
    </>
  );
}
