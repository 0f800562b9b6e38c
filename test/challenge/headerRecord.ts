/**
 * Header pairs as Node, Fastify and `writeHead` take them: a name that comes more than once gets a list, which is sent as one line each. Setting such
 * a name pair by pair would keep only the last.
 */
export function headerRecord(pairs: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {}
  for (const [name, value] of pairs) {
    const before = record[name]
    record[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return record
}
