import { fileURLToPath } from 'node:url'
import { createMatcher } from '../gateway/audit/matching/matcher.ts'
import type { Expectation, Movement } from '../gateway/audit/matching/rows.ts'

const OPEN = 1_000_000
const ENTRIES = 100_000
const EUR = 'iso4217:EUR'
const DAY = 20_000
const MIB = 1_048_576

function expectation(i: number): Expectation {
  const id = `at_${i.toString(16).padStart(32, '0')}`
  const units = BigInt(1 + ((i * 7_919) % 5_000_000)) * 10_000n
  return {
    id,
    side: 'out',
    kind: 'payment',
    asset: EUR,
    units,
    day: DAY - (i % 9),
    dueDay: DAY + 3,
    names: [id.replace('_', '')],
    counterparty: `Payee ${i}`,
  }
}

/** Of ten entries eight name an order, one has only its amount, day and payee, and one nobody knows. */
function movement(n: number): Movement {
  const order = expectation(n * 10)
  const row = { id: `BK${n}`, side: 'out', kind: 'payment', asset: EUR, units: order.units, day: order.day } as const
  if (n % 10 === 8) return { ...row, names: [`REF${n}`], counterparty: `PAYEE ${n * 10}` }
  return n % 10 === 9 ? { ...row, units: order.units + 1n, names: [`REF${n}`] } : { ...row, names: [`REF${n}`, ...order.names] }
}

/** Matches a statement with what is open, and prints what that took: the goal is 15 s and 400 MB. */
export async function run(): Promise<void> {
  const matcher = createMatcher({ tolerances: [] })
  const from = cpuMs()
  for (let i = 0; i < OPEN; i++) matcher.expect(expectation(i))
  const fed = cpuMs()
  for (let n = 0; n < ENTRIES; n++) matcher.take(movement(n))
  const { matches, breaks } = matcher.finish(DAY)
  const ended = cpuMs()
  const by = (way: string) => matches.filter((match) => match.by === way).length
  console.log(`reconcile: ${ENTRIES} entries of a statement against ${OPEN} open expectations`)
  console.log(`  CPU: expectations read in ${seconds(fed - from)} s, entries matched in ${seconds(ended - fed)} s`)
  console.log(`  by name ${by('name')}, by score ${by('score')}, breaks ${breaks.length}`)
  console.log(
    `  most memory ${(process.resourceUsage().maxRSS / 1_024).toFixed(0)} MB, now ${(process.memoryUsage().rss / MIB).toFixed(0)} MB`,
  )
}

/** CPU time of the process, because the machine may be shared. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(2)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run()
