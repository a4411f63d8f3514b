import { InteractionTag, InteractionTagPrimary, InteractionTagSecondary, TagGroup } from "@fluentui/react-components";
import { sentence } from "../lib/words";

interface EntityFilterProps {
  /** Kinds, colons and keys. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** EntityFilter says that a queue is narrowed to what names certain things, and takes that away. */
export function EntityFilter({ chosen, onChange }: EntityFilterProps) {
  if (chosen.length === 0) return null;
  return (
    <TagGroup aria-label="Names" onDismiss={(_, { value }) => onChange(chosen.filter((one) => one !== value))}>
      {chosen.map((one) => {
        const [kind = "", ...key] = one.split(":");
        const said = `${sentence(kind)}: ${key.join(":")}`;
        return (
          <InteractionTag key={one} value={one} size="small" shape="circular">
            <InteractionTagPrimary hasSecondaryAction>{said.length > 60 ? `${said.slice(0, 59)}…` : said}</InteractionTagPrimary>
            <InteractionTagSecondary aria-label={`Do not narrow to ${said}`} />
          </InteractionTag>
        );
      })}
    </TagGroup>
  );
}
