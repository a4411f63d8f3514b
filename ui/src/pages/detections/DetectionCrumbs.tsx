import { Breadcrumb, BreadcrumbButton, BreadcrumbDivider, BreadcrumbItem } from "@fluentui/react-components";

/** DetectionCrumbs is the way back to the list. */
export function DetectionCrumbs({ here }: { here: string }) {
  return (
    <Breadcrumb aria-label="Breadcrumb" size="small">
      <BreadcrumbItem>
        <BreadcrumbButton href="/detections">Custom detections</BreadcrumbButton>
      </BreadcrumbItem>
      <BreadcrumbDivider />
      <BreadcrumbItem>
        <BreadcrumbButton current>{here}</BreadcrumbButton>
      </BreadcrumbItem>
    </Breadcrumb>
  );
}
