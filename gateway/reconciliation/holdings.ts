import { type RailSides, type Unexplained, unexplainedOf } from '../audit/reconcile/railRows.ts'
import { max, min } from '../money/integers.ts'
import type { RailName } from '../ports/railName.ts'
import { utcDay } from '../ports/utcDay.ts'
import { type Break, difference } from './break.ts'
import type { ReconciliationContext } from './context.ts'
import type { BreakData } from './facts.ts'
import { proposalFor } from './proposal.ts'
import { openAs, resolveCleared } from './writeBreak.ts'

/** A difference that so many looks in a row have found to the unit is a break: under traffic something is always between two reads. */
const LOOKS = 2
/** Under traffic one that stays is never the same twice: what each of so many looks in a row has found of it is a break too. */
const MOVING_LOOKS = 10
const HELD = 'held:'

export type Holdings = ReturnType<typeof createHoldings>

/** What a rail holds beside what the ledger says, by place; what no break of a movement explains is a break of its own until it is gone. */
export function createHoldings(c: ReconciliationContext, sides: RailSides & Readonly<{ settleMs: number }>) {
  /** By account and asset: what was found in the last looks. */
  const seen = new Map<string, Seen>()

  async function judge(rail: RailName, { account, difference: by, atLeast }: Unexplained, all: readonly Break[]): Promise<number> {
    const here = all.filter((one) => one.account === account && difference(one)?.asset.id === by.asset.id)
    const named = here.filter((one) => !isHeld(one)).reduce((sum, one) => sum + (difference(one)?.units ?? 0n), 0n)
    // What a movement's break says is not in both: the rail may hold it back for now.
    const units = by.units === 0n ? 0n : by.units - named
    const rest = atLeast - named
    const key = `${account} ${by.asset.id}`
    const now = seenAfter(seen.get(key), units, rest * atLeast > 0n ? rest : 0n)
    seen.set(key, now.leastLooks < MOVING_LOOKS ? now : { ...now, least: 0n, leastLooks: 0 })
    const [standing] = here.filter(isHeld)
    const standingBy = standing && difference(standing)?.units
    if (standing && standingBy === units) return 0
    const found = foundBy(now, standingBy)
    if (standing?.status === 'open' && (units === 0n || found !== undefined)) {
      await resolveCleared(c, standing.id, units === 0n ? 'The rail and the ledger are the same again' : 'It is another difference now')
    } else if (standing) return 0
    if (found === undefined || found === 0n) return 0
    return (await openAs(c, heldBreak(rail, { account, asset: by.asset.id, units: found }, c.clock.now()))) ? 1 : 0
  }

  return {
    /** Looks once, and returns how many breaks are new. Throws `rail_unavailable`. */
    async look(of: RailSides['statements'][number]): Promise<number> {
      const found = await unexplainedOf(sides, of)
      const open = [...c.records.open()].filter(({ rail }) => rail === of.rail)
      let opened = 0
      for (const one of found) opened += await judge(of.rail, one, open)
      return opened
    },
  }
}

function isHeld({ movements }: Break): boolean {
  return movements[0]?.startsWith(HELD) ?? false
}

/** What the looks have found: how often in a row this difference, and one of its sign; and the least of those. */
type Seen = Readonly<{ units: bigint; looks: number; least: bigint; leastLooks: number }>

function seenAfter(before: Seen | undefined, units: bigint, least: bigint): Seen {
  const looks = before?.units === units ? before.looks + 1 : 1
  const goesOn = before !== undefined && before.least * least > 0n
  if (!goesOn) return { units, looks, least, leastLooks: least === 0n ? 0 : 1 }
  return { units, looks, least: least > 0n ? min(before.least, least) : max(before.least, least), leastLooks: before.leastLooks + 1 }
}

/** What is a break of it; undefined where that is not known yet, or one stands that says as much. */
function foundBy({ units, looks, least, leastLooks }: Seen, standingBy = 0n): bigint | undefined {
  if (looks >= LOOKS) return units
  if (leastLooks < MOVING_LOOKS) return undefined
  const stands = least > 0n ? standingBy >= least : standingBy <= least
  return stands ? undefined : least
}

type Of = Readonly<{ account: string; asset: string; units: bigint }>

function heldBreak(rail: RailName, { account, asset, units }: Of, now: number): BreakData {
  const more = units > 0n
  const proposal = proposalFor({ kind: 'unexpected', of: 'payment', rail, account, more, waits: false })
  return {
    rail,
    kind: 'unexpected',
    side: more ? 'in' : 'out',
    account,
    asset,
    expected: '0',
    moved: (more ? units : -units).toString(),
    day: utcDay(now),
    expectations: [],
    // The same account may differ again later.
    movements: [`${HELD}${account}:${asset}:${now}`],
    text: more ? 'The rail holds more than the ledger says' : 'The rail holds less than the ledger says',
    ...(proposal ? { proposal } : {}),
  }
}
