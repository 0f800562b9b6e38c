import type { Money } from '../money/money.ts'
import type { Action } from './action.ts'
import type { SuspenseContext } from './context.ts'

const DAY_MS = 86_400_000
const PAGE = 100
/** Newest hands that are looked through for those of a day. */
const LOOKED_AT = 2_000

type Needs = Readonly<{ clock: SuspenseContext['clock']; records: Pick<SuspenseContext['records'], 'list'> }> &
  Readonly<{ payouts: Pick<SuspenseContext['payouts'], 'ofAttempt'> }>

/**
 * The amounts of attempts that one operator ended without another within a day: those of this operator, and those of this source, whoever ended them, because
 * many small ones would be a large one. `underWay` are being booked. Undefined when there were too many hands to look through.
 */
export function endedAlone(
  c: Needs,
  { attempt, by, underWay }: { attempt: string; by: string; underWay: Iterable<Action> },
): Readonly<{ operators: readonly Money[]; sources: readonly Money[] }> | undefined {
  const found = handsSince(c, c.clock.now() - DAY_MS)
  if (!found) return undefined
  const hands = new Map([...found, ...underWay].map((action) => [action.id, action]))
  const alone = [...hands.values()].flatMap(({ deed, status, approvedBy, by: whose, amount }) =>
    deed.what === 'end_attempt' && status === 'booked' && approvedBy === undefined
      ? [{ amount, whose, source: sourceOf(deed.attempt) }]
      : [],
  )
  const source = sourceOf(attempt)
  return {
    operators: alone.filter(({ whose }) => whose === by).map(({ amount }) => amount),
    sources: alone.filter((one) => one.source === source).map(({ amount }) => amount),
  }

  function sourceOf(id: string): string | undefined {
    return c.payouts.ofAttempt(id)?.source
  }
}

/** What was asked for at `since` (ms) or later; undefined when that is more than is looked through. */
function handsSince({ records }: Needs, since: number): readonly Action[] | undefined {
  const hands: Action[] = []
  while (hands.length < LOOKED_AT) {
    const page = records.list({ limit: PAGE, after: hands.at(-1)?.id })
    hands.push(...page)
    if (page.length < PAGE || hands.at(-1)!.at < since) return hands.filter(({ at }) => at >= since)
  }
  return undefined
}
