import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import type { Hex } from '../../ports/ids.ts'
import type { FailureReason } from '../../ports/outcome.ts'
import type { RateSource } from '../../ports/rates.ts'
import type { VoucherChannelState } from '../../ports/voucherChannels.ts'
import { notCollected } from '../claim/notCollected.ts'
import type { VerifiedProof } from '../proof/verifiedProof.ts'
import type { ChainStates } from '../vouchers/chainStates.ts'
import { depositMin } from '../vouchers/openVoucherChannel.ts'
import type { X402Chain } from './x402Chain.ts'

export type DepositParts = Readonly<{ chainOf: (rail: string) => X402Chain; states: ChainStates; rates: RateSource }>

/** So long a deposit that is settled is looked for, so often. */
const SEEN_MS_MAX = 5_000
const LOOK_MS = 50

type Deposited = Readonly<{ state: VoucherChannelState; transaction: Hex | '' }>

/**
 * Makes the deposit that comes along with a voucher, once whatever happens: its id names the whole proof, and so does the nonce on chain. Resolves to the
 * channel as it is then. Throws `deposit_too_small` and `voucher_over_deposit` before anything is kept, `outcome_unknown` while the chain has not the last
 * word, and why it was not taken.
 */
export async function depositAlong(
  o: DepositParts,
  { rail, channel, deposit, cumulative, payer }: Extract<VerifiedProof, { kind: 'voucher' }>,
  known: VoucherChannelState,
): Promise<Deposited> {
  invariant(deposit, 'a deposit comes along')
  const chain = o.chainOf(rail)
  const least = depositMin({ asset: chain.asset, openCost: chain.depositCost }, o.rates)
  if (deposit.value < least.units)
    throw new GatewayError('deposit_too_small', `A deposit of ${deposit.value} units is below the ${least.units} that pay for its gas`, {
      meta: { deposit_min: least.units, asset: least.asset.id },
    })
  if (cumulative > known.deposit + deposit.value)
    throw new GatewayError('voucher_over_deposit', `A voucher over ${cumulative} units exceeds what is deposited with it`, {
      meta: { deposit: known.deposit + deposit.value, sent: cumulative },
    })
  const { config, id } = channel
  const name = createHash('sha256').update(`${id} ${deposit.salt} ${deposit.signature}`).digest('hex')
  const outcome = await chain.deposit(`x402:${name}`, { config, deposit })
  if (outcome.kind === 'unknown') throw new GatewayError('outcome_unknown', 'The deposit is on its way; send the same request again')
  // By whoever it was made, it is there: what there is then decides.
  if (outcome.kind === 'failed' && outcome.reason !== 'already_used') throw refused(outcome.reason, payer)
  const state = await stateOver(o.states, { rail, id }, cumulative)
  const hash = outcome.kind === 'settled' ? outcome.evidence.id : ''
  return { state, transaction: /^0x[0-9a-f]{64}$/.test(hash) ? (hash as Hex) : '' } // The pattern proves it.
}

/** The channel once it covers so much: what a rail calls settled its views say a moment later. */
async function stateOver(
  states: ChainStates,
  channel: Parameters<ChainStates['askOne']>[0],
  cumulative: bigint,
): Promise<VoucherChannelState> {
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const state = await states.askOne(channel)
    if (state.deposit >= cumulative || waitedMs >= SEEN_MS_MAX) return state
    await pause(LOOK_MS)
  }
}

function refused(reason: FailureReason, payer: Hex): GatewayError {
  if (reason === 'insufficient_liquidity') return new GatewayError('insufficient_balance', `The account ${payer} has less than the deposit`)
  return notCollected(reason, { isKept: false })
}
