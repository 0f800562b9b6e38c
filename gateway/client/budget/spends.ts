import * as z from 'zod/mini'

/** One amount that was set aside, in the smallest unit of USD. `id` names it as long as it may be given back, and `held` says that its payment is under way. */
export type Spend = Readonly<{ at: number; units: bigint; id?: string | undefined; held?: boolean }>

/** Any 24 hours, so that no midnight doubles a budget. */
export const DAY_MS = 24 * 60 * 60 * 1000
/** Of more than this many the older ones are joined, which makes the value that is stored bounded. */
const SPENDS_MAX = 256
const HELD = 'held'

const form = z.array(
  z.union([
    z.tuple([z.int(), z.string().check(z.regex(/^[0-9]{1,30}$/))]),
    z.tuple([z.int(), z.string().check(z.regex(/^[0-9]{1,30}$/)), z.string()]),
    z.tuple([z.int(), z.string().check(z.regex(/^[0-9]{1,30}$/)), z.string(), z.literal(HELD)]),
  ]),
)

/** Reads what was stored; undefined when it is no list of spends. */
export function readSpends(text: string): readonly Spend[] | undefined {
  try {
    const read = form.safeParse(JSON.parse(text))
    return read.success ? read.data.map(([at, units, id, held]) => ({ at, units: BigInt(units), id, held: held === HELD })) : undefined
  } catch {
    // Not JSON: something else stands under the key, which the caller says.
    return undefined
  }
}

export function writeSpends(spends: readonly Spend[]): string {
  return JSON.stringify(
    joined(spends).map(({ at, units, id, held }) => [at, `${units}`, ...(id === undefined ? [] : held ? [id, HELD] : [id])]),
  )
}

/** Those of the last 24 hours. */
export function recent(spends: readonly Spend[], now: number): Spend[] {
  return spends.filter(({ at }) => at > now - DAY_MS)
}

export function sumOf(spends: readonly Spend[]): bigint {
  return spends.reduce((sum, { units }) => sum + units, 0n)
}

/** The older half in pairs at the later of their times, so that nothing is forgotten early. What is joined can no longer be given back. */
function joined(spends: readonly Spend[]): readonly Spend[] {
  if (spends.length <= SPENDS_MAX) return spends
  const sorted = spends.toSorted((a, b) => a.at - b.at)
  const older = sorted.splice(0, SPENDS_MAX / 2)
  const pairs = older.flatMap((spend, i) => {
    const next = older[i + 1]
    return i % 2 === 0 && next ? [{ at: next.at, units: spend.units + next.units }] : []
  })
  return [...pairs, ...sorted]
}
