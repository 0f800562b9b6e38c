import { floorDiv } from '../../money/integers.ts'
import type { Faces } from '../http/faces.ts'
import { shownNow } from '../http/shownNow.ts'
import type { Arrivals } from './lightningView.ts'

const NS_PER_MS = 1_000_000n
/** Changes of the rail's account that are looked at; when there are more, the newest of them stand for the whole time. */
const CHANGES_MAX = 5_000
/** What stood at the node when the gateway first saw it is booked as this payment, and moves between its places credit one of them. */
const OPENING = 'capital'
const OWN = /^(rail|transit):/

/** What payers have sent us over Lightning in the last `overMs` before `now`, as the books have it. Throws `reads_behind`. */
export async function lightningArrivals(
  { audit, ledger }: Pick<Faces, 'audit' | 'ledger'>,
  { now, overMs }: Readonly<{ now: number; overMs: number }>,
): Promise<Arrivals> {
  const reads = await shownNow({ audit, ledger })
  const from = BigInt(now - overMs) * NS_PER_MS
  const account = reads.balances('rail:lightning:', { limit: 100 }).find(({ path }) => path === 'rail:lightning:node')
  const recent = account ? reads.history(account.n, { limit: CHANGES_MAX }).filter(({ at }) => at >= from) : []
  const came = recent.filter((c) => c.kind === 'move' && c.debit.account === account?.n && c.payment !== OPENING && !OWN.test(c.creditPath))
  const oldest = recent.at(-1)
  // When there were more changes than are read, they stand for the time that they cover.
  const since = recent.length === CHANGES_MAX && oldest ? oldest.at : from
  return { count: came.length, msat: came.reduce((sum, { units }) => sum + units, 0n), overMs: BigInt(now) - floorDiv(since, NS_PER_MS) }
}
