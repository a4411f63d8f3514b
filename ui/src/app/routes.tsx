import { Alert24Regular, ClipboardTaskListLtr24Regular, ClipboardTextLtr24Regular, DataTrending24Regular, Desktop24Regular, Key24Regular, PeopleSearch24Regular, SearchInfo24Regular, Settings24Regular, ShieldError24Regular, TargetArrow24Regular } from "@fluentui/react-icons";
import { lazy, type ComponentType, type LazyExoticComponent, type ReactNode } from "react";
import { alertsHome, incidentsHome } from "../lib/queue";

type PageComponent = LazyExoticComponent<ComponentType>;

export interface Page {
  path: string;
  label: string;
  page: PageComponent;
}

/** Area is one part of the centre. The menu and the routes are both drawn from this list. */
export interface Area {
  path: string;
  label: string;
  icon: ReactNode;
  /** Its name in what the server says of this reader's areas; without one, everyone has it. */
  area?: string;
  /** Where its menu item leads, if not to all of it. */
  home?: string;
  /** The letter that opens it after `g`. */
  key?: string;
  page: PageComponent;
  /** Pages of the area that the menu shows below it. */
  pages?: readonly Page[];
  /** Addresses of the area that the menu does not show. */
  routes?: readonly Omit<Page, "label">[];
}

const AlertsPage = lazy(() => import("../pages/alerts/AlertsPage"));
const ActionsPage = lazy(() => import("../pages/actions/ActionsPage"));
const AssetsPage = lazy(() => import("../pages/assets/AssetsPage"));
const AuditPage = lazy(() => import("../pages/audit/AuditPage"));
const DetectionWizard = lazy(() => import("../pages/detections/DetectionWizard"));
const RolesPage = lazy(() => import("../pages/permissions/RolesPage"));
const UsersPage = lazy(() => import("../pages/permissions/people/UsersPage"));
const GroupsPage = lazy(() => import("../pages/permissions/people/GroupsPage"));

export const areas: readonly Area[] = [
  {
    path: "/incidents",
    label: "Incidents",
    icon: <ShieldError24Regular />,
    area: "incidents",
    key: "i",
    home: incidentsHome,
    page: lazy(() => import("../pages/incidents/IncidentsPage")),
    routes: [{ path: "/incidents/:id", page: lazy(() => import("../pages/incidents/IncidentPage")) }],
  },
  {
    path: "/alerts",
    label: "Alerts",
    icon: <Alert24Regular />,
    area: "alerts",
    key: "a",
    home: alertsHome,
    page: AlertsPage,
    routes: [{ path: "/alerts/:id", page: AlertsPage }],
  },
  {
    path: "/entities",
    label: "Assets",
    icon: <Desktop24Regular />,
    area: "assets",
    key: "d",
    page: AssetsPage,
    routes: [
      { path: "/entities/:tab", page: AssetsPage },
      { path: "/entities/:tab/:key", page: lazy(() => import("../pages/assets/AssetPage")) },
    ],
  },
  {
    path: "/hunting",
    label: "Hunting",
    icon: <SearchInfo24Regular />,
    area: "hunting",
    key: "h",
    page: lazy(() => import("../pages/hunting/HuntingPage")),
  },
  {
    path: "/actions",
    label: "Action centre",
    icon: <ClipboardTaskListLtr24Regular />,
    area: "actions",
    key: "t",
    page: ActionsPage,
    routes: [{ path: "/actions/:id", page: ActionsPage }],
  },
  {
    path: "/threat-analytics",
    label: "Threat analytics",
    icon: <DataTrending24Regular />,
    area: "analytics",
    key: "y",
    page: lazy(() => import("../pages/analytics/AnalyticsPage")),
    routes: [{ path: "/threat-analytics/:id", page: lazy(() => import("../pages/analytics/ReportPage")) }],
  },
  {
    path: "/detections",
    label: "Custom detections",
    icon: <TargetArrow24Regular />,
    area: "detections",
    key: "e",
    page: lazy(() => import("../pages/detections/DetectionsPage")),
    routes: [
      { path: "/detections/new", page: DetectionWizard },
      { path: "/detections/:id", page: lazy(() => import("../pages/detections/DetectionPage")) },
      { path: "/detections/:id/edit", page: DetectionWizard },
    ],
  },
  {
    path: "/permissions",
    label: "Permissions & roles",
    icon: <Key24Regular />,
    area: "permissions",
    key: "r",
    page: lazy(() => import("../pages/permissions/PermissionsPage")),
    pages: [
      { path: "/permissions/roles", label: "Roles", page: RolesPage },
      { path: "/permissions/users", label: "Users", page: UsersPage },
      { path: "/permissions/groups", label: "Groups", page: GroupsPage },
      { path: "/permissions/device-groups", label: "Device groups", page: lazy(() => import("../pages/permissions/DeviceGroupsPage")) },
      { path: "/permissions/delegation", label: "Delegation", page: lazy(() => import("../pages/permissions/delegation/DelegationPage")) },
      { path: "/permissions/activation", label: "Workload settings", page: lazy(() => import("../pages/permissions/ActivationPage")) },
      { path: "/permissions/import", label: "Import", page: lazy(() => import("../pages/permissions/import/ImportPage")) },
      { path: "/permissions/policy", label: "Policy as code", page: lazy(() => import("../pages/permissions/policy/PolicyPage")) },
      { path: "/permissions/outcome", label: "Start from the outcome", page: lazy(() => import("../pages/permissions/OutcomePage")) },
      { path: "/permissions/compare", label: "Compare", page: lazy(() => import("../pages/permissions/history/ComparePage")) },
      { path: "/permissions/deleted", label: "Deleted roles", page: lazy(() => import("../pages/permissions/history/DeletedRolesPage")) },
      { path: "/permissions/requirements", label: "Requirements", page: lazy(() => import("../pages/permissions/RequirementsPage")) },
    ],
    routes: [
      { path: "/permissions/roles/new", page: lazy(() => import("../pages/permissions/RoleEditor")) },
      { path: "/permissions/users/:name", page: UsersPage },
      { path: "/permissions/groups/:name", page: GroupsPage },
      { path: "/permissions/roles/:workload", page: RolesPage },
      { path: "/permissions/roles/:workload/:id", page: RolesPage },
      { path: "/permissions/roles/:workload/:id/edit", page: lazy(() => import("../pages/permissions/RoleEditor")) },
    ],
  },
  {
    path: "/access",
    label: "Access",
    icon: <PeopleSearch24Regular />,
    key: "c",
    page: lazy(() => import("../pages/access/AccessPage")),
    pages: [{ path: "/access/matrix", label: "Matrix", page: lazy(() => import("../pages/access/matrix/MatrixPage")) }],
  },
  {
    path: "/audit",
    label: "Audit",
    icon: <ClipboardTextLtr24Regular />,
    area: "audit",
    key: "u",
    page: AuditPage,
    routes: [{ path: "/audit/:seq", page: AuditPage }],
  },
  {
    path: "/settings",
    label: "Settings",
    icon: <Settings24Regular />,
    area: "settings",
    key: "s",
    page: lazy(() => import("../pages/settings/SettingsPage")),
    pages: [
      { path: "/settings/notifications", label: "Notification rules", page: lazy(() => import("../pages/settings/NotificationsPage")) },
      { path: "/settings/feeds", label: "Feeds", page: lazy(() => import("../pages/settings/FeedsPage")) },
      { path: "/settings/deliveries", label: "Delivery log", page: lazy(() => import("../pages/settings/DeliveryLogPage")) },
      { path: "/settings/channels", label: "Channels", page: lazy(() => import("../pages/settings/ChannelsPage")) },
      { path: "/settings/centre", label: "Actions and incidents", page: lazy(() => import("../pages/settings/CentrePage")) },
    ],
  },
];

/** Addresses that are open to everyone although their area is not: about oneself, they say nothing of others. */
export const everyones: ReadonlySet<string> = new Set(["/permissions/requirements"]);

/** Addresses that belong to the account menu. */
export const account: readonly Omit<Page, "label">[] = [
  { path: "/account/tokens", page: lazy(() => import("../pages/account/TokensPage")) },
  { path: "/account/password", page: lazy(() => import("../pages/account/PasswordPage")) },
  { path: "/account/sessions", page: lazy(() => import("../pages/account/SessionsPage")) },
];
