import { GatewayError } from '../../errors/gatewayError.ts'
import { type Money, money, mulDiv } from '../../money/money.ts'
import { convert } from '../../money/rate.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Hex } from '../../ports/ids.ts'
import type { FailureReason } from '../../ports/outcome.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { VoucherChannelDeposit, VoucherChannelTerms } from '../../ports/voucherChannels.ts'
import { channelIdOf, DEPOSIT_MAX, depositNonce } from '../../split/channelId.ts'
import { checkHandedOver } from '../proof/checkHandedOver.ts'
import type { VoucherChannel, VoucherChannelRecords } from '../settlement/voucherChannelRecords.ts'
import type { VoucherChannelChain } from './voucherChannelChain.ts'

/** The gas of an opening may be a fifth of the deposit at most: whoever has many small ones opened would have us pay for them. */
const DEPOSIT_OVER_COST_MIN = 5n

/** `opening`: the chain has not the last word yet; the channel shows when its deposit is final. */
type Opening =
  | Readonly<{ kind: 'open'; channel: VoucherChannel }>
  | Readonly<{ kind: 'opening'; id: Hex }>
  | Readonly<{ kind: 'failed'; id: Hex; reason: FailureReason }>

/** After the chain's word the deposit is booked from its stream: so long is that waited for, looking so often. */
const BOOKED_MS_MAX = 5_000
const LOOK_MS = 20

/** What the gateway asks for at least, so that its gas is a small part of the deposit; in the chain's token. */
export function depositMin(chain: Pick<VoucherChannelChain, 'asset' | 'openCost'>, rates: RateSource): Money {
  const cost = chain.openCost()
  const inToken = convert(cost, rates.rate(cost.asset, chain.asset), 'up')
  return money(chain.asset, mulDiv(inToken.units, DEPOSIT_OVER_COST_MIN, 1n, 'up'))
}

/**
 * Opens a channel, or tops one up, by the payer's signature, and pays the gas. The same deposit asked for again is the same action: its id names the
 * whole proof. Throws `deposit_too_small`, `channel_not_accepted`, `invalid_amount`, and what `checkHandedOver` throws, before anything is kept.
 */
export function channelOpener(o: { records: VoucherChannelRecords; rates: RateSource; clock: Clock }) {
  const known = (chain: VoucherChannelChain, id: Hex, before: bigint): VoucherChannel | undefined => {
    const channel = o.records.of(chain.rail, id)
    return channel && channel.deposit > before ? channel : undefined
  }

  async function booked(chain: VoucherChannelChain, id: Hex, before: bigint): Promise<Opening> {
    const standing = o.records.of(chain.rail, id)
    // It was made before, and is booked: the same was asked for again.
    if (standing && (await chain.channels([id]))[0]?.deposit === standing.deposit) return { kind: 'open', channel: standing }
    const tries = BOOKED_MS_MAX / LOOK_MS
    for (let tried = 0; tried < tries; tried++) {
      const channel = known(chain, id, before)
      if (channel) return { kind: 'open', channel }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
    return { kind: 'opening', id }
  }

  return async (chain: VoucherChannelChain, terms: VoucherChannelTerms, deposit: VoucherChannelDeposit): Promise<Opening> => {
    if (deposit.value > DEPOSIT_MAX) throw new GatewayError('invalid_amount', 'A channel holds 2^96 - 1 units at most')
    if (BigInt(terms.closer) !== 0n && terms.closer !== chain.place.closer) {
      throw new GatewayError('channel_not_accepted', `${terms.closer} could close this channel at once, whatever vouchers it has given`, {
        meta: { closer: terms.closer, accepted: chain.place.closer },
      })
    }
    const least = depositMin(chain, o.rates)
    if (deposit.value < least.units) {
      throw new GatewayError('deposit_too_small', `A deposit of ${deposit.value} units is below the ${least.units} that pay for its gas`, {
        meta: { deposit_min: least.units, asset: least.asset.id },
      })
    }
    const id = channelIdOf(terms)
    const proof = await checkDeposit(chain, { terms, deposit, nonce: depositNonce(id, deposit.salt) }, o.clock.now())
    const before = o.records.of(chain.rail, id)?.deposit ?? 0n
    const outcome = await chain.openChannel(`channel:${proof}`, { terms, deposit })
    if (outcome.kind === 'settled') return booked(chain, id, before)
    if (outcome.kind === 'unknown') return { kind: 'opening', id }
    // Somebody else submitted this very deposit: then it is there, or will be.
    const channel = outcome.reason === 'already_used' ? o.records.of(chain.rail, id) : undefined
    return channel ? { kind: 'open', channel } : { kind: 'failed', id, reason: outcome.reason }
  }
}

/** Vouchers are signed by a key, so a deposit is too: an account's code is not asked. Answers the name of the proof. */
function checkDeposit(
  { place }: VoucherChannelChain,
  { terms, deposit, nonce }: Readonly<{ terms: VoucherChannelTerms; deposit: VoucherChannelDeposit; nonce: Hex }>,
  now: number,
): Promise<Hex> {
  const { value, validAfter, validBefore, signature } = deposit
  const transfer = { from: terms.payer, to: place.hub.toLowerCase() as Hex, value, validAfter, validBefore, nonce, signature } // lower-casing keeps the 0x.
  return checkHandedOver(transfer, { kind: 'receive', domain: place, payTo: place.hub, amount: value }, { now })
}
