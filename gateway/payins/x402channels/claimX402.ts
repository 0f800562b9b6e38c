import { min } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import type { IdSource } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { VoucherChannelState } from '../../ports/voucherChannels.ts'
import type { X402ClaimRow } from '../../ports/x402Channels.ts'
import type { ChainStates } from '../vouchers/chainStates.ts'
import type { VoucherClaim } from '../vouchers/claimVouchers.ts'
import { oneClaim } from '../vouchers/oneClaim.ts'
import type { ShownVouchers } from '../vouchers/shownVouchers.ts'
import type { UnclaimedOf } from '../vouchers/unclaimed.ts'
import type { X402ChannelRecord } from './records.ts'
import type { X402Chain } from './x402Chain.ts'

/** Rows of one transaction: about 3,500,000 gas. */
const ROWS_MAX = 100

type Claim = Omit<VoucherClaim, 'closer'>
type Row = Readonly<{ channel: X402ChannelRecord; row: X402ClaimRow; gain: bigint }>

/** Claims what each channel of a split owes, many in one transaction, and has it sent to the split's receiver. One claim of a split on a chain at a time. */
export function x402Claimer(o: {
  unclaimed: Pick<UnclaimedOf<X402ChannelRecord>, 'of'>
  states: ChainStates
  chainOf: (rail: string) => X402Chain
  ids: IdSource
  shown: ShownVouchers
}) {
  async function claimAll(rail: string, splitId: Hex): Promise<readonly Claim[]> {
    const chain = o.chainOf(rail)
    const channels = o.unclaimed.of(rail, splitId)
    const ids = channels.map(({ id }) => id)
    const states = ids.length > 0 ? await o.states.ask(rail, ids) : []
    const done: Claim[] = []
    const owing = channels.flatMap((channel, i) => rowOf(channel, states[i]!))
    await o.shown.show(
      rail,
      owing.map(({ row, channel }) => ({ channel, sum: row.cumulative })),
    )
    for (const rows of batchesOf(owing)) {
      const value = money(
        chain.asset,
        rows.reduce((sum, { gain }) => sum + gain, 0n),
      )
      const cost = chain.claimCost(BigInt(rows.length))
      const { receiver } = rows[0]!.row.config
      const outcome = await chain.claim(o.ids.attempt(), { receiver, rows: rows.map(({ row }) => row) })
      done.push({ rows: rows.length, value, cost, outcome })
    }
    // What stands claimed is asked anew.
    for (const channel of done.length > 0 ? channels : []) o.states.forget(channel)
    return done
  }

  /** Throws `rail_unavailable` when the chain does not answer. What it brings is booked when the rail's stream reports it. */
  return oneClaim(claimAll)
}

/** What the work that was done has cost, as far as the channel has it: one row that asks for more would undo those beside it. */
function rowOf(channel: X402ChannelRecord, { deposit, claimed }: VoucherChannelState): Row[] {
  const { config, accepted, signed, signature } = channel
  const charged = min(accepted, min(signed, deposit))
  return charged > claimed ? [{ channel, row: { config, cumulative: signed, signature, charged }, gain: charged - claimed }] : []
}

/** The most valuable first; those with one authorizer and one receiver together. */
function batchesOf(all: readonly Row[]): readonly (readonly Row[])[] {
  const keyOf = ({ row: { config } }: Row) => `${config.receiverAuthorizer} ${config.receiver}`
  const batches: (readonly Row[])[] = []
  for (const key of new Set(all.map(keyOf))) {
    const own = all.filter((row) => keyOf(row) === key).sort((a, b) => (a.gain === b.gain ? 0 : a.gain > b.gain ? -1 : 1))
    for (let start = 0; start < own.length; start += ROWS_MAX) batches.push(own.slice(start, start + ROWS_MAX))
  }
  return batches
}
