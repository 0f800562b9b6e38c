/** `id` writes `value` under `key`, if `after` is the id that wrote it last. A line without a key ends the log: what follows it does not count. */
export type Line = Readonly<{ id: string; key?: string; after?: string | undefined; value?: string }>
type Entry = Readonly<{ id: string; value: string }>
export type Log = Readonly<{ entries: ReadonlyMap<string, Entry>; applied: ReadonlySet<string>; ended: boolean }>

/** Begins with an end of line, so that a line that a crash cut off spoils no other. */
export function writeLine(line: Line): string {
  return `\n${JSON.stringify(line)}\n`
}

/** A log that begins with what stands. */
export function beginning(entries: Log['entries']): string {
  return [...entries].map(([key, { id, value }]) => writeLine({ id, key, value })).join('')
}

/** Reads a log: every reader applies the same lines, because each says which one it follows. */
export function replay(text: string): Log {
  const entries = new Map<string, Entry>()
  const applied = new Set<string>()
  for (const part of text.split('\n')) {
    const line = readLine(part)
    if (!line) continue
    const { id, key, after, value } = line
    if (key === undefined) return { entries, applied, ended: true }
    if (entries.get(key)?.id !== after || value === undefined) continue
    entries.set(key, { id, value })
    applied.add(id)
  }
  return { entries, applied, ended: false }
}

function readLine(text: string): Line | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Line) // Written by writeLine.
  } catch {
    // Cut off by a crash before it was acknowledged, so nobody counts on it.
    return undefined
  }
}
