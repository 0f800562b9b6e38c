import { type Money, money } from '../../money/money.ts'
import type { IdSource } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { Outcome } from '../../ports/outcome.ts'
import { type ClaimBatch, claimRows } from '../../split/claimRows.ts'
import { packRows } from '../../split/voucherRow.ts'
import type { VoucherChannel } from '../settlement/voucherChannelRecords.ts'
import type { ChainStates } from './chainStates.ts'
import { oneClaim } from './oneClaim.ts'
import type { ShownVouchers } from './shownVouchers.ts'
import type { Unclaimed } from './unclaimed.ts'
import type { VoucherChannelChain } from './voucherChannelChain.ts'

/** One transaction: `rows` vouchers that bring `value`, at a `cost` expected before it was sent. */
export type VoucherClaim = Readonly<{ closer: Hex; rows: number; value: Money; cost: Money; outcome: Outcome }>

/** Claims the newest voucher of each channel of a split, many in one transaction. One claim of a split on a chain at a time. */
export function voucherClaimer(o: {
  unclaimed: Unclaimed
  states: ChainStates
  chainOf: (rail: string) => VoucherChannelChain
  ids: IdSource
  shown: ShownVouchers
}) {
  /** What can be claimed by the chain's own word now, a batch for each transaction; channels with one closer go together. */
  async function batchesOf(rail: string, channels: readonly VoucherChannel[]): Promise<{ closer: Hex; batch: ClaimBatch }[]> {
    const states = await o.states.ask(
      rail,
      channels.map(({ id }) => id),
    )
    const held = channels.flatMap((channel, i) => {
      const { id, payer, salt, closer, accepted, voucher } = channel
      const { deposit, claimed } = states[i]!
      if (!voucher) return []
      return [
        { closer, voucher: { channelId: id, row: { payer, salt, cumulative: accepted, signature: voucher.signature }, deposit, claimed } },
      ]
    })
    await o.shown.show(
      rail,
      channels.flatMap((channel) => (channel.voucher ? [{ channel, sum: channel.accepted }] : [])),
    )
    return [...new Set(held.map(({ closer }) => closer))].flatMap((closer) => {
      const own = held.filter((h) => h.closer === closer)
      return claimRows(own.map(({ voucher }) => voucher)).map((batch) => ({ closer, batch }))
    })
  }

  async function claimAll(rail: string, splitId: Hex): Promise<readonly VoucherClaim[]> {
    const chain = o.chainOf(rail)
    const channels = o.unclaimed.of(rail, splitId)
    if (channels.length === 0) return []
    const done: VoucherClaim[] = []
    for (const { closer, batch } of await batchesOf(rail, channels)) {
      const [value, cost] = [money(chain.asset, batch.value), chain.claimCost(BigInt(batch.rows.length))]
      const outcome = await chain.claimPacked(o.ids.attempt(), { splitId, closer, rows: packRows(batch.rows) })
      done.push({ closer, rows: batch.rows.length, value, cost, outcome })
    }
    return done
  }

  /** Throws `rail_unavailable` when the chain does not answer. What is claimed is booked when the rail's stream reports it. */
  return oneClaim(claimAll)
}
