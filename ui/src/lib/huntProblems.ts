/** problemLines are what is wrong with a query, each once and with its place: what the server says first, and the others. */
export function problemLines(message: string, details: readonly string[]): { first: string; others: string[] } {
  const first = sentence(message.replace(/^hunt: /i, ""));
  const said = new Map<string, string>(); // by what it says, without the place
  for (const line of [first, ...details]) {
    const found = /^(?:line )?(\d+)(?::|, column )(\d+): ([\s\S]*)$/i.exec(line);
    const what = (found?.[3] ?? line).replace(/\.$/, "");
    if (found || !said.has(what)) said.set(what, found ? `Line ${found[1]}, column ${found[2]}: ${found[3]}` : line);
  }
  const [one = first, ...others] = said.values();
  return { first: one, others };
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
