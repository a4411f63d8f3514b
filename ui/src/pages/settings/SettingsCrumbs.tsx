import { Breadcrumb, BreadcrumbButton, BreadcrumbDivider, BreadcrumbItem } from "@fluentui/react-components";

/** SettingsCrumbs is the way back to Settings. */
export function SettingsCrumbs({ here }: { here: string }) {
  return (
    <Breadcrumb aria-label="Breadcrumb" size="small">
      <BreadcrumbItem>
        <BreadcrumbButton href="/settings">Settings</BreadcrumbButton>
      </BreadcrumbItem>
      <BreadcrumbDivider />
      <BreadcrumbItem>
        <BreadcrumbButton current>{here}</BreadcrumbButton>
      </BreadcrumbItem>
    </Breadcrumb>
  );
}
