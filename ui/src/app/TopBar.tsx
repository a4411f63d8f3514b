import {
  Avatar,
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemLink,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
  Tooltip,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { Keyboard20Regular, Navigation20Regular, ShieldTask24Filled } from "@fluentui/react-icons";
import type { Choice } from "./theme";

const useStyles = makeStyles({
  bar: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    height: "48px",
    paddingInline: tokens.spacingHorizontalS,
    backgroundColor: "#0a3d41",
    color: "#ffffff",
    flexShrink: 0,
  },
  button: {
    color: "#ffffff",
    ":hover": { color: "#ffffff", backgroundColor: "#0b575c" },
    ":hover:active": { color: "#ffffff", backgroundColor: "#0b646a" },
    ":focus-visible": { outline: "2px solid #ffffff" },
  },
  name: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS, color: "inherit", textDecorationLine: "none" },
  space: { flexGrow: 1 },
  who: { display: "flex", flexDirection: "column", alignItems: "flex-start", lineHeight: 1.2 },
  account: { padding: tokens.spacingHorizontalM, display: "flex", flexDirection: "column", gap: tokens.spacingVerticalXXS },
});

interface TopBarProps {
  user: string;
  displayName: string;
  roles: readonly string[];
  theme: Choice;
  onTheme: (choice: Choice) => void;
  onMenu: () => void;
  menuOpen: boolean;
  onShortcuts: () => void;
  onSignOut: (everywhere: boolean) => void;
}

export function TopBar(props: TopBarProps) {
  const styles = useStyles();
  return (
    <header className={styles.bar} tabIndex={-1} data-landmark>
      <Tooltip content={props.menuOpen ? "Collapse the navigation" : "Expand the navigation"} relationship="label">
        <Button appearance="subtle" className={styles.button} icon={<Navigation20Regular />} aria-expanded={props.menuOpen} onClick={props.onMenu} />
      </Tooltip>
      <a href="/" className={styles.name} aria-label="Bailiwick, home">
        <ShieldTask24Filled aria-hidden />
        <Text weight="semibold" size={400}>
          Bailiwick
        </Text>
      </a>
      <span className={styles.space} />
      <Tooltip content="Keyboard shortcuts (?)" relationship="label">
        <Button appearance="subtle" className={styles.button} icon={<Keyboard20Regular />} onClick={props.onShortcuts} />
      </Tooltip>
      <AccountMenu {...props} />
    </header>
  );
}

function AccountMenu({ user, displayName, roles, theme, onTheme, onSignOut }: TopBarProps) {
  const styles = useStyles();
  return (
    <Menu checkedValues={{ theme: [theme] }} onCheckedValueChange={(_, data) => onTheme((data.checkedItems[0] as Choice | undefined) ?? "system")}>
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" className={styles.button} icon={<Avatar name={displayName} size={28} color="colorful" aria-hidden />} aria-label={`Account: ${displayName}`}>
          <span className={styles.who}>
            <Text size={300}>{displayName}</Text>
          </span>
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <div className={styles.account}>
          <Text weight="semibold">{displayName}</Text>
          <Text size={200}>{user}</Text>
          {roles.length > 0 && <Text size={200}>{roles.join(", ")}</Text>}
        </div>
        <MenuList>
          <MenuDivider />
          <MenuItemLink href="/access">My access</MenuItemLink>
          <MenuItemLink href="/account/tokens">API tokens</MenuItemLink>
          <MenuItemLink href="/account/password">Password</MenuItemLink>
          <MenuItemLink href="/account/sessions">Sessions</MenuItemLink>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>Look</MenuGroupHeader>
            <MenuItemRadio name="theme" value="light">
              Light
            </MenuItemRadio>
            <MenuItemRadio name="theme" value="dark">
              Dark
            </MenuItemRadio>
            <MenuItemRadio name="theme" value="system">
              As the system
            </MenuItemRadio>
          </MenuGroup>
          <MenuDivider />
          <MenuItem onClick={() => onSignOut(false)}>Sign out</MenuItem>
          <MenuItem onClick={() => onSignOut(true)}>Sign out everywhere</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
