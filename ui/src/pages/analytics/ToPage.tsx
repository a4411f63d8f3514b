import { Link } from "@fluentui/react-components";
import { Name } from "../../components/labels";
import { assetPath, type AssetKind } from "../../lib/assets";

/** ToPage is the name of a thing, and leads to its page if the server says that there is one for this reader. */
export function ToPage({ kind, id, has, children }: { kind: AssetKind; id: string; has: boolean; children: string }) {
  return has ? (
    <Link href={assetPath(kind, id)}>
      <Name>{children}</Name>
    </Link>
  ) : (
    <Name>{children}</Name>
  );
}
