import { useParams } from "react-router";
import { Missing } from "../../components/states";
import { kindOfTab } from "../../lib/assets";
import { DevicePage } from "./DevicePage";
import { EntityPage } from "./EntityPage";

/** The page of one thing. */
export default function AssetPage() {
  const { tab, key = "" } = useParams();
  const kind = kindOfTab(tab);
  if (!kind) return <Missing what="page" page />;
  return kind === "device" ? <DevicePage key={key} id={key} /> : <EntityPage key={`${kind} ${key}`} kind={kind} assetKey={key} />;
}
