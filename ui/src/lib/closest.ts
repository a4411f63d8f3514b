interface Holding {
  id: string;
  name: string;
  permissions: readonly string[];
}

export interface Closest {
  id: string;
  name: string;
  /** What the draft has and it has not, and the other way round. */
  more: string[];
  less: string[];
}

/** closest is the existing role that shares most with the permissions that were chosen; none if none shares half of all. */
export function closest(chosen: readonly string[], roles: readonly Holding[], own = ""): Closest | undefined {
  let best: { role: Holding; likeness: number } | undefined;
  for (const role of roles) {
    if (role.id === own) continue;
    const common = role.permissions.filter((p) => chosen.includes(p)).length;
    const likeness = common / (chosen.length + role.permissions.length - common || 1);
    if (likeness >= 0.5 && (!best || likeness > best.likeness)) best = { role, likeness };
  }
  if (!best) return undefined;
  const { id, name, permissions } = best.role;
  return { id, name, more: chosen.filter((p) => !permissions.includes(p)), less: permissions.filter((p) => !chosen.includes(p)) };
}
