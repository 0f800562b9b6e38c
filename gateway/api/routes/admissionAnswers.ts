import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { createInTurn } from '../../ledger/process/inTurn.ts'
import { USD } from '../../money/asset.ts'
import { type Money, money, parseAmount, showMoney } from '../../money/money.ts'
import { isAway, type PaidRequest } from '../../payins/claim/paidRequest.ts'
import { FAILED_STATUS_MIN } from '../../payins/claim/paidRequests.ts'
import { runnerName } from '../../payins/claim/runner.ts'
import { type Caller, callerId } from '../http/authenticate.ts'
import type { PaidFaces } from '../paid/paidFaces.ts'
import type { Paywall } from '../paid/paywall.ts'
import type { AdmissionAnswer } from './admissionWire.ts'

export type Keep = ReturnType<typeof createKeep>

/** Makes an answer durable. Throws `request_interrupted` where it comes too late, or after the word that it has failed. */
export function createKeep(faces: PaidFaces, paywall: Paywall) {
  const inTurn = createInTurn()

  async function ownRun(caller: Caller, { claim, attempt }: AdmissionAnswer): Promise<PaidRequest> {
    const standing = await faces.payins.findRequest(claim)
    if (standing?.runner === runnerName(callerId(caller), attempt)) return standing
    throw new GatewayError('not_found', 'This attempt runs no request under this claim')
  }

  async function keep(caller: Caller, said: AdmissionAnswer) {
    const { claim, status, content_type: contentType, body, open } = said
    const used = parseAmount(said.used?.amount ?? '0', USD)
    const standing = await ownRun(caller, said)
    checkUse(standing, said, used)
    const answer = { status, contentType, body, used }
    if (isAway(standing)) await (open ? paywall.told(standing, answer) : paywall.finish(standing, answer))
    const now = await faces.payins.findRequest(claim)
    invariant(now, 'a request that was found is found again')
    const hasFailed = now.metered === 'open' && now.state === 'answered'
    if (now.state === 'interrupted' || (hasFailed && status < FAILED_STATUS_MIN)) {
      throw new GatewayError('request_interrupted', 'The answer came after its time', {
        hint: 'Do not give it to the payer: the money has gone back.',
        meta: { receipt: now.receipt },
      })
    }
    checkCharge(now, said, used)
    return { object: 'answer', receipt: now.receipt, status: open ? status : now.status }
  }

  return async (caller: Caller, said: AdmissionAnswer) => {
    const { claimKey, metered } = await ownRun(caller, said)
    // Each word of a use is looked at beside the one before it, also where they come at once.
    return metered === 'no' ? keep(caller, said) : inTurn(claimKey, () => keep(caller, said))
  }
}

/** Each word of one use has to say so much of the maximum more than the one before: the last says the rest. */
const WORDS_MAX = 100n

/** Refuses what cannot be: the payer has promised so much and no more, and what was said once was used. */
function checkUse(standing: PaidRequest, { used: said, open, status, body }: AdmissionAnswer, used: Money): void {
  const { metered, price, begunStatus, usedPrice } = standing
  const wrong = (detail: string) => new GatewayError('invalid_request', detail)
  if (metered === 'no' && (said !== undefined || open)) throw wrong('This claim has one price, and what its work used changes nothing')
  if (open && status >= FAILED_STATUS_MIN) throw wrong(`An answer of ${status} has failed, and nothing is used for it: leave out open`)
  if (open && body !== undefined) throw wrong('An answer with its body has ended: leave out open, or the body')
  if (used.units > price)
    throw new GatewayError('invalid_amount', `The work used ${showMoney(used)}, and its payer has promised ${showMoney(money(USD, price))}`)
  if (!isAway(standing) || begunStatus === 0) return
  const more = used.units - usedPrice
  if (open && more > 0n && more * WORDS_MAX < price)
    throw new GatewayError('invalid_amount', `A word says a hundredth of the maximum more than the one before, and the last one the rest`)
  if (!open && more < 0n && status < FAILED_STATUS_MIN)
    throw new GatewayError('invalid_amount', `The work used ${showMoney(money(USD, usedPrice))} before, and cannot have used less by now`)
}

/** What was charged stands: by another word of its seller's, or by the last one that came in time. */
function checkCharge({ metered, chargedPrice, receipt }: PaidRequest, { open }: AdmissionAnswer, used: Money): void {
  const stands = open ? used.units <= chargedPrice : used.units === chargedPrice
  if (metered !== 'charged' || stands) return
  throw new GatewayError('already_charged', `The work of ${receipt} was charged ${showMoney(money(USD, chargedPrice))}`, {
    meta: { receipt },
  })
}
