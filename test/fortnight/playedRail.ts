import { type Asset, sameAsset } from '../../gateway/money/asset.ts'
import { type Money, money } from '../../gateway/money/money.ts'
import type { CustomRail } from '../../gateway/ports/customRail.ts'
import type { Outcome } from '../../gateway/ports/outcome.ts'
import type { CustomRailName } from '../../gateway/ports/railName.ts'
import type { OfferTerms, Receiver, Settlement } from '../../gateway/ports/receiver.ts'
import type { Attempt } from '../../gateway/ports/sender.ts'
import type { Stranger } from '../../gateway/ports/statement.ts'

type Told = Pick<Settlement, 'kind' | 'id' | 'amount'> & Partial<Settlement>
type Played = Readonly<{ rail: CustomRailName; asset: Asset; holds: bigint; fee: bigint; now: () => number }>

/** What a rail tells, in the order in which it is told to. */
function toldStream({ rail, now }: Played) {
  const told: Settlement[] = []
  const waiting = new Set<() => void>()
  const wakeAll = () => {
    for (const wake of waiting) wake()
    waiting.clear()
  }
  const settlements: Receiver['settlements'] = async function* (after, { signal }) {
    signal.addEventListener('abort', wakeAll)
    for (let next = Number(after); !signal.aborted; ) {
      const one = told[next]
      if (one) next++
      if (one) yield one
      else await new Promise<void>((resolve) => waiting.add(resolve))
    }
  }
  function tell(about: Told): void {
    told.push({ cursor: String(told.length + 1), rail, place: 'account', at: now(), ...about })
    wakeAll()
  }
  return { told, settlements, tell }
}

/** A chain or a Lightning node that does what it is told: it pays at once, tells of what came, and holds what it says. */
export function playedRail(o: Played) {
  const { rail, asset, fee, now } = o
  const { told, settlements, tell } = toldStream(o)
  const offers = new Map<string, OfferTerms>()
  const paid = new Map<string, Outcome & { kind: 'settled' }>()
  const strangers: Stranger[] = []
  let { holds } = o

  async function send({ id, amount }: Attempt): Promise<Outcome> {
    const before = paid.get(id)
    if (before) return before
    const outcome = { kind: 'settled', evidence: { rail, id: `paid-${id}`, at: now() }, fee: money(asset, fee) } as const
    holds -= amount.units + fee
    paid.set(id, outcome)
    return outcome
  }
  const check: CustomRail['check'] = (to) => (to.kind === 'custom' && to.rail === rail ? undefined : `${rail} does not pay to this`)
  const played: CustomRail & Receiver = {
    rail,
    asset,
    serves: ['custom'],
    feesComeBy: 'outcome',
    check,
    async offer({ amount, ref, expiresAt }) {
      const terms: OfferTerms = { rail, amount, expiresAt, reference: ref, wire: { kind: 'custom', fields: { Reference: ref } } }
      offers.set(ref, terms)
      return terms
    },
    settlements,
    async estimate({ amount, destination }) {
      if (check(destination) !== undefined || !sameAsset(amount.asset, asset))
        return { kind: 'impossible', reason: 'invalid_destination', detail: 'it is paid elsewhere' }
      const fees = { fee: money(asset, fee), feeMax: money(asset, fee), failureFee: money(asset, 0n) }
      return { kind: 'possible', ...fees, successPpm: 990_000n, secondsToFunds: 1n, secondsToFail: 1n, available: money(asset, holds) }
    },
    send,
    lookup: async (id) => paid.get(id) ?? { kind: 'failed', reason: 'never_sent' },
    balances: async () => [{ place: 'account', amount: money(asset, holds), at: now(), inFlight: [] }],
    strangers: async () => strangers,
    close: async () => undefined,
  }
  return {
    rail: played,
    tell,
    /** Somebody pays an offer. */
    arrive(reference: string): Settlement {
      const offer = offers.get(reference)
      if (!offer) throw new Error(`${rail} has made no offer ${reference}`)
      holds += offer.amount.units
      tell({ kind: 'received', id: `in-${told.length + 1}`, amount: offer.amount, reference })
      return told.at(-1)!
    },
    /** What came last. */
    last: () => told.findLast(({ kind }) => kind === 'received')!,
    /** What it holds changes, and it tells nobody. */
    move(by: Money): void {
      holds += by.units
    },
    addStranger: (one: Stranger) => void strangers.push(one),
  }
}
