import type { Books, Fact } from '../../ports/books.ts'
import { readSettlementFact } from '../settlement/facts.ts'
import type { VoucherChannel, VoucherChannelRecords } from '../settlement/voucherChannelRecords.ts'

/** What there is to know of a channel to claim what it owes, of either kind. `accepted`: what it owes over its life. */
export type Claimable = Pick<VoucherChannel, 'rail' | 'id' | 'splitId' | 'accepted' | 'withdrawn'>

/** A channel with a voucher to claim, since when at least, and how much of it the chain had claimed when it was asked last. */
type Waiting = Pick<VoucherChannel, 'rail' | 'id'> & Readonly<{ since: number; claimed: bigint }>

export type Unclaimed = ReturnType<typeof createUnclaimed>
export type UnclaimedOf<C extends Claimable> = ReturnType<typeof createUnclaimedOf<C>>

type Begun = Pick<VoucherChannel, 'rail' | 'id'> & Readonly<{ at: number }>

/** Channels of the hub whose newest voucher is, as far as we know, not claimed yet. */
export function createUnclaimed(o: {
  books: Pick<Books, 'remember'>
  records: VoucherChannelRecords
  isServed: (rail: string) => boolean
}) {
  const withVoucher = () => [...o.records.all()].filter(({ voucher }) => voucher)
  return createUnclaimedOf<VoucherChannel>({
    ...o,
    name: 'channel.unclaimed',
    begun(fact) {
      const known = readSettlementFact(fact)
      if (known?.type === 'voucher.accepted') return [{ rail: known.data.rail, id: known.data.channel, at: known.at }]
      return takenBack(fact, 'vouched', withVoucher)
    },
  })
}

/** The channels that may have to be claimed anew, where this fact says that a chain took back what it had reported so. */
export function takenBack(
  fact: Fact,
  kind: string,
  all: () => readonly Pick<VoucherChannel, 'rail' | 'id' | 'splitId'>[],
): readonly Begun[] {
  const known = readSettlementFact(fact)
  if (known?.type !== 'settlement.demoted') return []
  const { rail, settlement, splitId } = known.data
  if (!settlement.startsWith(`${rail}:${kind}:`)) return []
  return all().flatMap((channel) =>
    channel.rail === rail && channel.splitId === splitId ? [{ rail: channel.rail, id: channel.id, at: known.at }] : [],
  )
}

/**
 * Channels whose newest voucher is, as far as we know, not claimed yet. After a start these are all with a voucher, until the chain says more. `begun`: those
 * that have something to claim by this fact.
 */
export function createUnclaimedOf<C extends Claimable>(o: {
  books: Pick<Books, 'remember'>
  name: string
  records: Readonly<{ of: (rail: string, id: string) => C | undefined }>
  isServed: (rail: string) => boolean
  begun: (fact: Fact) => readonly Begun[]
}) {
  /** As facts alone have it: with a voucher, since the first one. */
  const vouched = new Map<string, Waiting>()
  /** The same, without what the chain says is claimed. */
  const waiting = new Map<string, Waiting>()
  const keyOf = ({ rail, id }: Pick<VoucherChannel, 'rail' | 'id'>) => `${rail} ${id}`

  function wait({ rail, id }: Pick<VoucherChannel, 'rail' | 'id'>, since: number): void {
    const key = keyOf({ rail, id })
    const begun = { rail, id, since, claimed: 0n }
    if (!vouched.has(key)) vouched.set(key, begun)
    if (!waiting.has(key)) waiting.set(key, begun)
  }

  function derive(): void {
    waiting.clear()
    for (const [key, begun] of vouched) waiting.set(key, begun)
  }

  o.books.remember({ name: o.name, form: 1, tables: { vouched }, apply, derive })

  function apply(fact: Fact): void {
    for (const { rail, id, at } of o.begun(fact)) wait({ rail, id }, at)
  }

  const all = (): C[] =>
    [...waiting.values()].flatMap(({ rail, id }) => {
      const channel = o.records.of(rail, id)
      return channel && !channel.withdrawn && o.isServed(rail) ? [channel] : []
    })

  return {
    all,
    /** Since when there is something to claim; undefined when there is nothing. */
    since: (channel: Claimable): number | undefined => waiting.get(keyOf(channel))?.since,
    of: (rail: string, splitId: string): C[] =>
      all().filter((channel) => channel.rail === rail && channel.splitId.toLowerCase() === splitId.toLowerCase()),
    /** The chain says that so much of the channel is claimed. What has come since then begins to wait now. */
    apply(channel: Claimable, claimed: bigint, now: number): void {
      const [key, accepted] = [keyOf(channel), o.records.of(channel.rail, channel.id)?.accepted ?? 0n]
      const known = waiting.get(key)
      if (claimed >= accepted) waiting.delete(key)
      else if (known && claimed > known.claimed) waiting.set(key, { ...known, since: now, claimed })
    },
  }
}
