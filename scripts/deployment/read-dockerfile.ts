export type Stage = { name: string; from: string; instructions: Instruction[] };
export type Instruction = { keyword: string; text: string };

/** The stages of a Dockerfile and its ARG defaults that stand before the first stage. Continued lines are joined. */
export function readDockerfile(text: string): { args: Record<string, string>; stages: Stage[] } {
  const args: Record<string, string> = {};
  const stages: Stage[] = [];
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  for (const line of lines) {
    const [, keyword = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    const stage = stages.at(-1);
    if (keyword === 'FROM') {
      const [, from = '', name = ''] = /^(\S+)\s+AS\s+(\S+)$/.exec(rest) ?? [];
      stages.push({ name, from: from.replace(/\$\{(\w+)\}/g, (_, arg: string) => args[arg] ?? ''), instructions: [] });
    } else if (stage === undefined) {
      const [name = '', value = ''] = rest.split('=');
      if (keyword === 'ARG') args[name] = value;
    } else {
      stage.instructions.push({ keyword, text: rest });
    }
  }
  return { args, stages };
}
