import type { ReceiptSigner } from '../../audit/receipt/receipt.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Splits } from '../../parties/party/splits.ts'
import type { Books } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { VoucherChannelRecords } from '../settlement/voucherChannelRecords.ts'
import { voucherAccepter } from './acceptVoucher.ts'
import { createChainStates } from './chainStates.ts'
import { createClaimRounds } from './claimRounds.ts'
import { voucherClaimer } from './claimVouchers.ts'
import { channelCloser } from './closeChannel.ts'
import { channelOpener } from './openVoucherChannel.ts'
import type { ShownVouchers } from './shownVouchers.ts'
import { createUnclaimed } from './unclaimed.ts'
import type { VoucherChannelChain } from './voucherChannelChain.ts'

export type VoucherChannels = ReturnType<typeof createVoucherChannels>

/** Voucher channels on all chains of the gateway. Made before the journal is replayed; `start` after it. */
export function createVoucherChannels(o: {
  books: Books
  records: VoucherChannelRecords
  splits: Splits
  chains: readonly VoucherChannelChain[]
  rates: RateSource
  receipts: ReceiptSigner
  clock: Clock
  ids: IdSource
  shown: ShownVouchers
  log: (line: string) => void
}) {
  const chainOf = (rail: string): VoucherChannelChain => {
    const chain = o.chains.find((c) => c.rail === rail)
    invariant(chain, `${rail} is configured: channels are known of configured chains only`)
    return chain
  }
  const states = createChainStates({ chainOf, clock: o.clock })
  // Channels of a chain that is not configured any more are left alone.
  const isServed = (rail: string) => o.chains.some((chain) => chain.rail === rail)
  const unclaimed = createUnclaimed({ books: o.books, records: o.records, isServed })
  const { shown } = o
  const claim = voucherClaimer({ unclaimed, states, chainOf, ids: o.ids, shown })
  const rounds = createClaimRounds({ unclaimed, states, chainOf, claim, rates: o.rates, clock: o.clock, log: o.log })
  return {
    records: o.records,
    /** Where channels can be. */
    chains: o.chains,
    open: channelOpener({ records: o.records, rates: o.rates, clock: o.clock }),
    accept: voucherAccepter({ ...o, states, chainOf }),
    claim,
    /** Up to which sum others may know a channel's vouchers. */
    shownUpTo: shown.upTo,
    close: channelCloser({ ...o, states, chainOf, claim }),
    /** The chain's word on a channel, at most a minute old; `askChain` has it anew. */
    chainState: states.fresh,
    askChain: states.askOne,
    start(onFatal: (error: unknown) => void): void {
      // Each rail's statement counts the channels that the books know, from their opening on.
      o.records.onOpened(({ rail, id, splitId }) => {
        if (isServed(rail)) chainOf(rail).watchChannel(id, splitId)
      })
      rounds.start(onFatal)
    },
    stop: rounds.close,
  }
}
