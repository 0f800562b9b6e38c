import { submitWhenRoom } from '../../ledger/process/submit.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock } from '../../ports/clock.ts'
import type { VoucherChannel } from '../settlement/voucherChannelRecords.ts'
import { readShownFact, toShownFact } from './facts.ts'

type Named = Pick<VoucherChannel, 'rail' | 'id'>
/** What a claim is about to write: the sum of each channel's newest voucher. */
type Showing = Readonly<{ channel: Named; sum: bigint }>

/** Channels in one block of the journal. */
const SHOWN_MAX = 500

export type ShownVouchers = ReturnType<typeof createShownVouchers>

/**
 * Up to which sum others may know the vouchers of each channel: a claim writes them into a transaction that anybody can read before any block has it. A voucher
 * is no word of its payer's any more from then on. In the journal before it is sent, so that a restart takes no voucher for shown that nobody has seen: its
 * payer could not end with it what it has not spent. Of channels of the hub and of x402.
 */
export function createShownVouchers({ books, clock }: { books: Books; clock: Clock }) {
  const sums = new Map<string, bigint>()
  const keyOf = ({ rail, id }: Named) => `${rail} ${id}`
  const upTo = (channel: Named): bigint => sums.get(keyOf(channel)) ?? 0n

  books.remember({
    name: 'vouchers.shown',
    form: 1,
    tables: { sums },
    apply(fact) {
      const known = readShownFact(fact)
      for (const [id, sum] of Object.entries(known?.data.shown ?? {})) sums.set(`${known!.id} ${id}`, BigInt(sum))
    },
  })

  return {
    upTo,
    /** Resolves when it is durable; only then may they be sent. */
    async show(rail: string, showing: readonly Showing[]): Promise<void> {
      const fresh = showing.filter(({ channel, sum }) => sum > upTo(channel))
      for (let first = 0; first < fresh.length; first += SHOWN_MAX) {
        const part = fresh.slice(first, first + SHOWN_MAX)
        const shown = Object.fromEntries(part.map(({ channel, sum }) => [channel.id, `${sum}`]))
        await submitWhenRoom(books, { facts: [toShownFact({ type: 'vouchers.shown', id: rail, at: clock.now(), data: { shown } })] })
      }
    },
  }
}
