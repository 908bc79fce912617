import type { NodeId } from '@quorate/interface';

/** One command of a script: a line, `----`, and what it printed there. */
export interface Command {
  /** Where it stands, 1 for the first line. */
  readonly line: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly output: readonly string[];
}

export function parseScript(text: string): Command[] {
  const commands: Command[] = [];
  const lines = text.split('\n');
  for (const [i, rule] of lines.entries()) {
    if (rule !== '----') continue;
    const [name, ...args] = lines[i - 1]!.split(/ +/);
    const end = lines.indexOf('', i);
    commands.push({ line: i, name: name!, args, output: lines.slice(i + 1, end < 0 ? lines.length : end) });
  }
  return commands;
}

/** What a command's output says about one server, once the command is done. */
export interface Expected {
  role?: string;
  lead?: number | undefined;
  term?: number;
  vote?: number;
  commit?: number;
  /** The newest entries of its log: `term/index type "data"`. */
  entries: Map<number, string>;
}

/** What roles are called there. */
export const ROLES: Record<string, string> = {
  follower: 'StateFollower',
  'pre-candidate': 'StatePreCandidate',
  candidate: 'StateCandidate',
  leader: 'StateLeader',
};

/** Reads roles, terms, votes, commit indexes and new entries out of what a command printed, whatever else stands there. */
export function expectations(command: Command): Map<NodeId, Expected> {
  const found = new Map<NodeId, Expected>();
  const of = (id: NodeId): Expected => {
    if (!found.has(id)) found.set(id, { entries: new Map() });
    return found.get(id)!;
  };
  let node = command.name === 'process-ready' && command.args.length === 1 ? Number(command.args[0]) : 0;
  let inEntries = false;
  for (const line of command.output.map((text) => text.trim())) {
    const heading = /^> (\d+) (handling Ready|receiving)/.exec(line);
    if (heading !== null) node = Number(heading[1]);
    const entry = /^(\d+)\/(\d+) Entry/.exec(line);
    if (inEntries && entry !== null) {
      const { entries } = of(node);
      for (const index of entries.keys()) if (index >= Number(entry[2])) entries.delete(index);
      entries.set(Number(entry[2]), line);
      continue;
    }
    inEntries = line === 'Entries:';
    const became = /^INFO (\d+) became ([\w-]+) at term (\d+)/.exec(line);
    if (became !== null) {
      const id = Number(became[1]);
      const lead = became[2] === 'leader' ? id : became[2] === 'follower' ? undefined : 0;
      Object.assign(of(id), { role: ROLES[became[2]!], term: Number(became[3]), lead });
    }
    const soft = /^Lead:(\d+) State:(\w+)/.exec(line);
    if (soft !== null) Object.assign(of(node), { lead: Number(soft[1]), role: soft[2] });
    const hard = /^HardState Term:(\d+)(?: Vote:(\d+))? Commit:(\d+)/.exec(line);
    if (hard !== null)
      Object.assign(of(node), {
        term: Number(hard[1]),
        vote: Number(hard[2] ?? 0),
        commit: Number(hard[3]),
      });
  }
  return found;
}
