import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Action } from '../sending/actionTable.ts'
import type { Work } from '../sending/steps.ts'
import { type Asked, type CallParts, callWork } from './callWork.ts'
import { closingCall, openingCall } from './voucherChannels.ts'
import { claimCall, depositCall, refundCall } from './x402Channels.ts'

/**
 * What is done for channels of both kinds beside the hub's claims. Deposits are by the payer's signature (EIP-3009), whose nonce on chain decides that each
 * happens once; refunds by our own, whose nonce does; closes by our own word as the closer, and claims, the contracts make idempotent.
 */
export function channelWork(parts: CallParts & Readonly<{ hub: Hex }>): Work {
  return callWork(parts, (action) => askedOf(parts.hub, action))
}

function askedOf(hub: Hex, { id, request }: Action): Asked {
  if (request.kind === 'opening') return { call: openingCall(hub, request), payer: request.terms.payer }
  if (request.kind === 'closing') return { call: closingCall(hub, request) }
  if (request.kind === 'x402Deposit') return { call: depositCall(request), payer: request.config.payer }
  if (request.kind === 'x402Claim') return { call: claimCall(request), sender: request.sender }
  if (request.kind === 'x402Refund') return { call: refundCall(request), sender: request.config.receiverAuthorizer }
  throw new Error(`action ${id} is of no channel`)
}
