import { GatewayError } from '../../errors/gatewayError.ts'
import { accounts } from '../../ledger/journal/accounts.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { max } from '../../money/integers.ts'
import { money } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Books, Leg } from '../../ports/books.ts'
import type { Clock, IdSource } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { RateSource } from '../../ports/rates.ts'
import { toSettlementFact } from '../settlement/facts.ts'
import { move } from '../settlement/legs.ts'
import type { VoucherChannel, VoucherChannelRecords } from '../settlement/voucherChannelRecords.ts'
import type { ChainStates } from './chainStates.ts'
import type { voucherClaimer } from './claimVouchers.ts'
import type { VoucherChannelChain } from './voucherChannelChain.ts'

/** The gas of a close and of the claim before it may be a fifth of what the channel has paid: who opens and closes for nothing does it at its own cost. */
const PAID_OVER_COST_MIN = 5n

type Parts = Readonly<{
  books: Books
  records: VoucherChannelRecords
  states: ChainStates
  chainOf: (rail: string) => VoucherChannelChain
  claim: ReturnType<typeof voucherClaimer>
  rates: RateSource
  clock: Clock
  ids: IdSource
}>

/** The last voucher of a channel, which may be below the one that stands; `beside`: what is booked with it. */
type Final = Readonly<{ cumulative: bigint; signature: Hex; beside: readonly Leg[] }>

/** The transaction that gave the rest back; '' where somebody else's did. */
export type CloseChannel = (channel: VoucherChannel, final: Final) => Promise<Hex | ''>

/**
 * Closes a channel for good at its payer's wish: no more vouchers from the moment that this is durable, what the last one is worth is claimed, and the rest
 * goes back at once. Asked again, it goes on where it stood. Throws `close_not_worth` and `request_in_progress` before anything is changed; `outcome_unknown`
 * where the chain has not said yet.
 */
export function channelCloser(o: Parts): CloseChannel {
  return async (channel, final) => {
    if (channel.withdrawn) return ''
    const chain = o.chainOf(channel.rail)
    const state = await o.states.askOne(channel)
    if (!channel.closing) await endVouchers(o, channel, { ...final, cumulative: max(final.cumulative, state.claimed) })
    const ended = o.records.of(channel.rail, channel.id) ?? channel
    if (state.claimed < ended.accepted) await o.claim(channel.rail, channel.splitId)
    const { claimed } = await o.states.askOne(channel)
    if (claimed < ended.accepted) throw new GatewayError('outcome_unknown', 'The last voucher is being claimed')
    const { payer, salt, splitId, closer, id } = ended
    const terms = { payer, salt, splitId, token: chain.place.token, closer }
    const outcome = await chain.closeChannel(`close:${id}`, { channelId: id, terms, claimedMin: ended.accepted })
    if (outcome.kind === 'unknown') throw new GatewayError('outcome_unknown', 'The close was sent to the chain, and is not final yet')
    if (outcome.kind === 'settled') return outcome.evidence.id as Hex // A chain's evidence is its transaction.
    throw new GatewayError('session_reverted', `The close was refused (${outcome.reason})`, {
      meta: { channelId: id, reason: outcome.reason },
    })
  }
}

/** What the last voucher does not take goes back from the vouchers to the deposits. */
async function endVouchers(o: Parts, channel: VoucherChannel, { cumulative, signature, beside }: Final): Promise<void> {
  const { rail, id, splitId, accepted, voucher } = channel
  const chain = o.chainOf(rail)
  checkWorth(o, chain, cumulative)
  if (channel.closer !== chain.place.closer) throw new GatewayError('close_not_worth', 'This gateway is not the closer of the channel')
  const entry = o.ids.entry()
  const back = money(chain.asset, accepted - cumulative)
  const legs = [...(back.units > 0n ? [move(accounts.vouched(splitId), accounts.channel(splitId), back)] : []), ...beside]
  const data = { rail, channel: id, previous: `${accepted}`, cumulative: `${cumulative}`, signature }
  const outcome = await submitUntilKnown(o.books, {
    // In the place of any other voucher that would follow.
    claims: [{ key: `voucher:${rail}:${id}:${accepted}`, fingerprint: `closing:${cumulative}` }],
    facts: [toSettlementFact({ type: 'voucher.final', id, at: o.clock.now(), data })],
    ...(legs.length > 0 ? { entry: { id: entry, payment: voucher?.receipt ?? id, legs } } : {}),
  })
  if (outcome.kind === 'applied' || outcome.kind === 'replayed') return
  throw new GatewayError('request_in_progress', 'Something else is being paid by this channel; close it when that has ended')
}

function checkWorth({ rates }: Parts, chain: VoucherChannelChain, paid: bigint): void {
  const cost = money(chain.closeCost().asset, chain.closeCost().units + chain.claimCost(1n).units)
  const least = convert(cost, rates.rate(cost.asset, chain.asset), 'up').units * PAID_OVER_COST_MIN
  if (paid >= least) return
  throw new GatewayError('close_not_worth', `The channel has paid ${paid} units, and its close is worth its gas from ${least} on`, {
    meta: { paid, least },
  })
}
