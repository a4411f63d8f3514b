import { Breadcrumb, BreadcrumbButton, BreadcrumbDivider, BreadcrumbItem } from "@fluentui/react-components";

/** PermissionsCrumbs is the way back to Permissions. */
export function PermissionsCrumbs({ here, between }: { here: string; between?: { label: string; href: string } }) {
  const before = [{ label: "Permissions", href: "/permissions" }, ...(between ? [between] : [])];
  return (
    <Breadcrumb aria-label="Breadcrumb" size="small">
      {before.flatMap(({ label, href }) => [
        <BreadcrumbItem key={href}>
          <BreadcrumbButton href={href}>{label}</BreadcrumbButton>
        </BreadcrumbItem>,
        <BreadcrumbDivider key={`${href}-`} />,
      ])}
      <BreadcrumbItem>
        <BreadcrumbButton current>{here}</BreadcrumbButton>
      </BreadcrumbItem>
    </Breadcrumb>
  );
}
