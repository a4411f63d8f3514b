import { Link, Text, makeStyles, tokens } from "@fluentui/react-components";
import type { GlobalRole } from "../../api/permissions";
import { Details } from "../../components/Details";
import { Nothing } from "../../components/labels";
import { Section } from "../../components/layout";
import { Opens } from "./Opens";

const useStyles = makeStyles({ list: { margin: 0, paddingLeft: tokens.spacingHorizontalXL } });

export function GlobalRoleDetails({ role, onClose }: { role: GlobalRole; onClose: () => void }) {
  const styles = useStyles();
  return (
    <Details title={role.name} row={role.name} onClose={onClose}>
      {role.administrator && <Text>Every capability, in every product, on all data.</Text>}
      <Section title="What it opens">
        <Opens opens={role.opens} />
      </Section>
      <Section title="Members">
        {role.members.length === 0 ? (
          <Nothing>Nobody</Nothing>
        ) : (
          <ul className={styles.list}>
            {role.members.map((member) => (
              <li key={member.name}>
                <Link href={`/access?person=${encodeURIComponent(member.name)}`}>{member.displayName ? `${member.displayName} (${member.name})` : member.name}</Link>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </Details>
  );
}
