import type { Books, Fact } from '../../ports/books.ts'
import { readSettlementFact } from '../settlement/facts.ts'
import type { VoucherChannel, VoucherChannelRecords } from '../settlement/voucherChannelRecords.ts'

/** A channel with a voucher to claim, since when at least, and how much of it the chain had claimed when it was asked last. */
type Waiting = Pick<VoucherChannel, 'rail' | 'id'> & Readonly<{ since: number; claimed: bigint }>

export type Unclaimed = ReturnType<typeof createUnclaimed>

/** Channels whose newest voucher is, as far as we know, not claimed yet. After a start these are all with a voucher, until the chain says more. */
export function createUnclaimed(o: {
  books: Pick<Books, 'remember'>
  records: VoucherChannelRecords
  isServed: (rail: string) => boolean
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

  o.books.remember({ name: 'channel.unclaimed', form: 1, tables: { vouched }, apply, derive })

  function apply(fact: Fact): void {
    const known = readSettlementFact(fact)
    if (known?.type === 'voucher.accepted') wait({ rail: known.data.rail, id: known.data.channel }, known.at)
    if (known?.type !== 'settlement.demoted') return
    const { rail, settlement, splitId } = known.data
    // The chain took a claim back: what it had claimed may have to be claimed again.
    if (!settlement.startsWith(`${rail}:vouched:`)) return
    for (const channel of o.records.all()) {
      if (channel.rail === rail && channel.splitId === splitId && channel.voucher) wait(channel, known.at)
    }
  }

  const all = (): VoucherChannel[] =>
    [...waiting.values()].flatMap(({ rail, id }) => {
      const channel = o.records.of(rail, id)
      return channel && !channel.withdrawn && o.isServed(rail) ? [channel] : []
    })

  return {
    all,
    /** Since when there is something to claim; undefined when there is nothing. */
    since: (channel: VoucherChannel): number | undefined => waiting.get(keyOf(channel))?.since,
    of: (rail: string, splitId: string): VoucherChannel[] =>
      all().filter((channel) => channel.rail === rail && channel.splitId.toLowerCase() === splitId.toLowerCase()),
    /** The chain says that so much of the channel is claimed. What has come since then begins to wait now. */
    apply(channel: VoucherChannel, claimed: bigint, now: number): void {
      const [key, accepted] = [keyOf(channel), o.records.of(channel.rail, channel.id)?.accepted ?? 0n]
      const known = waiting.get(key)
      if (claimed >= accepted) waiting.delete(key)
      else if (known && claimed > known.claimed) waiting.set(key, { ...known, since: now, claimed })
    },
  }
}
