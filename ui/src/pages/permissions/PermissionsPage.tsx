import { ArrowUpload24Regular, ArrowSwap24Regular, BinRecycle24Regular, Desktop24Regular, People24Regular, PeopleTeam24Regular, Person24Regular, TableSimple24Regular, DocumentText24Regular, PeopleLock24Regular, PeopleSearch24Regular, ToggleMultiple24Regular, TargetArrow24Regular } from "@fluentui/react-icons";
import { Doors } from "../../components/Doors";
import { PageHeader } from "../../components/layout";

const doors = [
  { href: "/permissions/roles", title: "Roles", text: "Who may do what in each product: custom roles, default role groups, global roles.", icon: <PeopleTeam24Regular /> },
  { href: "/permissions/users", title: "Users", text: "Everyone whom the centre knows: their account, their groups, their global roles.", icon: <Person24Regular /> },
  { href: "/permissions/groups", title: "Groups", text: "Groups of people, which roles are given to and device groups let in.", icon: <People24Regular /> },
  { href: "/permissions/device-groups", title: "Device groups", text: "Which devices belong together, in rank order, and which groups of people reach them.", icon: <Desktop24Regular /> },
  { href: "/permissions/delegation", title: "Delegation", text: "What role administrators may hand out and change at most, whatever they hold.", icon: <PeopleLock24Regular /> },
  { href: "/permissions/import", title: "Import", text: "What other products grant already, from their own exports: roles, members, device groups and people.", icon: <ArrowUpload24Regular /> },
  { href: "/permissions/policy", title: "Policy as code", text: "The policy as a file: what a change of it would do, and where the two differ.", icon: <DocumentText24Regular /> },
  { href: "/permissions/outcome", title: "Start from the outcome", text: "Tick what people must be able to do, and get the least permissions that do it.", icon: <TargetArrow24Regular /> },
  { href: "/permissions/compare", title: "Compare", text: "Two roles, two versions of one, or two people: what only one of them has.", icon: <ArrowSwap24Regular /> },
  { href: "/permissions/deleted", title: "Deleted roles", text: "Roles that were deleted within 30 days, and can be brought back.", icon: <BinRecycle24Regular /> },
  { href: "/permissions/requirements", title: "Requirements", text: "What each task asks for in each product, and which of it you have.", icon: <TableSimple24Regular /> },
  { href: "/permissions/activation", title: "Workload settings", text: "Whose roles decide in each product, its own or the unified ones, and what would change.", icon: <ToggleMultiple24Regular /> },
  { href: "/access", title: "Access", text: "Pick a person or a capability, and see the proof.", icon: <PeopleSearch24Regular /> },
];

/** The landing page: navigation "Permissions & roles", heading "Permissions", then "Roles" (R15). */
export default function PermissionsPage() {
  return (
    <>
      <PageHeader title="Permissions" below="Roles decide, product by product, what each person sees and does." />
      <Doors doors={doors} />
    </>
  );
}
