import type { Books } from '../../ports/books.ts'
import { createUnclaimedOf, takenBack } from '../vouchers/unclaimed.ts'
import { readX402ChannelFact } from './facts.ts'
import type { X402ChannelRecord, X402ChannelRecords } from './records.ts'

/** Channels of x402 that owe, as far as we know, what was not claimed yet. */
export function createX402Unclaimed(o: {
  books: Pick<Books, 'remember'>
  records: X402ChannelRecords
  isServed: (rail: string) => boolean
}) {
  return createUnclaimedOf<X402ChannelRecord>({
    ...o,
    name: 'x402.unclaimed',
    begun(fact) {
      const known = readX402ChannelFact(fact)
      if (known?.type === 'x402.vouched') return [{ rail: known.data.rail, id: known.data.channel, at: known.at }]
      return takenBack(fact, 'received', o.records.all)
    },
  })
}
