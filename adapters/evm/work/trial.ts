import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Chain } from '../node/chain.ts'
import type { Ending } from '../sending/actionTable.ts'
import type { RequestOf } from '../sending/requests.ts'
import { collectionCall, mayComeTrue } from './collections.ts'
import { dearRefusal } from './payersGas.ts'
import { BAD_SIGNATURE, DELEGATED, isDelegation, NOT_YET_VALID, refusalOf } from './refusals.ts'
import { openingCall } from './voucherChannels.ts'
import { depositCall } from './x402Channels.ts'

type TrialParts = Readonly<{ chain: Chain; token: Hex; hub: Hex; operator: Hex; clock: Clock }>
type Trial = Promise<Extract<Ending, { kind: 'failed' }> | undefined>

/**
 * Why a payer's authorization would not be taken if it were sent now; undefined when it would. Keeps and sends nothing: for what nobody was promised
 * anything on. Throws RpcSilent or RpcRefused when the node does not say.
 */
export async function tryCollection(parts: TrialParts, { authorization }: RequestOf<'collection'>): Trial {
  const refusal = await simulate(parts, authorization.from, collectionCall(parts, authorization))
  if (refusal === NOT_YET_VALID && mayComeTrue(parts.clock, authorization.validAfter)) return undefined
  if (refusal !== BAD_SIGNATURE) return refusal
  return isDelegation(await parts.chain.code(authorization.from)) ? DELEGATED : refusal
}

/** The same for a deposit in a voucher channel. */
export function tryOpening(parts: TrialParts, request: RequestOf<'opening'>): Trial {
  return simulate(parts, request.terms.payer, openingCall(parts.hub, request))
}

/** The same for a deposit in a channel of x402. */
export function tryX402Deposit(parts: TrialParts, request: RequestOf<'x402Deposit'>): Trial {
  return simulate(parts, request.config.payer, depositCall(request))
}

async function simulate({ chain, operator }: TrialParts, payer: Hex, call: Readonly<{ to: Hex; data: Hex }>): Trial {
  try {
    return await dearRefusal(chain, payer, await chain.estimateGas({ from: operator, ...call }))
  } catch (error) {
    const refusal = refusalOf(error)
    if (!refusal) throw error
    return refusal
  }
}
