import { Menu, MenuButton, MenuItemLink, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import { ArrowDownload20Regular } from "@fluentui/react-icons";
import { reportPath, type Report, type ReportFormat } from "../api/reports";
import { useReadOnly } from "./readOnly";
import { RefusableButton } from "./RefusableButton";

interface Choice {
  of: Report;
  label: string;
  /** What the report is narrowed to, as the API takes it. */
  filter?: Readonly<Record<string, string>>;
}

const formats: readonly (readonly [ReportFormat, string])[] = [
  ["csv", "CSV"],
  ["json", "JSON"],
];

/** ExportMenu gives what a page shows as files. Each is recorded, so nothing is exported while one views the portal as somebody. */
export function ExportMenu({ choices }: { choices: readonly Choice[] }) {
  const readOnly = useReadOnly();
  if (readOnly) return <RefusableButton icon={<ArrowDownload20Regular />}>Export</RefusableButton>;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton icon={<ArrowDownload20Regular />}>Export</MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {choices.flatMap(({ of, label, filter }) =>
            formats.map(([format, form]) => (
              <MenuItemLink key={`${label} ${format}`} href={reportPath(of, format, filter)} download={`${of}.${format}`}>
                {`${label}, ${form}`}
              </MenuItemLink>
            )),
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
