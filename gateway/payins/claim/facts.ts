import type { MoneyText } from '../../audit/receipt/moneyText.ts'
import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { EntryId, Hex, ReceiptId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'
import type { UsedMandate } from '../../ports/usedMandate.ts'

/** An authorization as a fact holds it. */
type AuthorizationData = Pick<Authorization, 'kind' | 'chainId' | 'token' | 'from' | 'to' | 'nonce' | 'signature' | 'facilitator'> &
  Readonly<{ value: string; validAfter: string; validBefore: string }>

export type ClaimedData = Readonly<{
  claimKey: string
  fingerprint: string
  rail: RailName
  payer: string
  /** What was paid, in the rail's asset. */
  units: string
  entry: EntryId
  /** Only where an authorization pays, which is collected before the work or after it. */
  authorization?: AuthorizationData
  settleFirst?: 'yes' | 'no'
  /** What it costs, in units of USD, and whether the entry holds that of what may be owed. */
  price?: string
  exposed?: 'yes'
  /** What the payee is given in the asset of balances, where the authorization is in another. */
  converted?: string
  /** What was promised is a maximum, of which the answer says how much is taken; and whom it is for, a party or a split. */
  metered?: 'yes'
  payee?: string
  mandate?: UsedMandate
}> &
  RunData

/** Only where the work runs in another process than this one: who runs it, and until when (ms) its answer is waited for. */
type RunData = Readonly<{ runner?: string; answerBy?: number }>

/** What is taken of a maximum: units of the rail's asset, of USD, of the asset of balances where the payee gets another one; and the first as a text. */
export type ChargeData = Readonly<{ units: string; price: string; credit: string; taken: MoneyText }>

type AnsweredData = Readonly<{ claimKey: string; status: number; contentType: string; body?: string; charge?: ChargeData }>
/** `used`: units of USD. */
type MeteredData = Readonly<{ claimKey: string; status: number; contentType: string; used: string }>
/** `exception`: why the money did not go back. */
type EndedData = Readonly<{ claimKey: string; rail: RailName; exception?: string }>
/** `settleFirst`: no work was done for it. */
type NotCollectedData = Readonly<{ claimKey: string; payer: string; reason: string; units: string; settleFirst?: 'yes' }>

export type AnsweredFact = FactOf<'request.answered', ReceiptId, AnsweredData>
export type ClaimedFact = FactOf<'request.claimed', ReceiptId, ClaimedData>

/** Every fact about a paid request, named by its receipt. */
export type RequestFact =
  | ClaimedFact
  /** `transaction`: where the chain took the money, which was collected first. `again`: the how manieth time the work is done again. */
  | FactOf<'request.started', ReceiptId, Readonly<{ claimKey: string; transaction?: Hex; again?: number }> & RunData>
  /** The answer to a request that pays a maximum has begun to go out, and this is what its work has used so far. */
  | FactOf<'request.metered', ReceiptId, MeteredData>
  | AnsweredFact
  | FactOf<'request.interrupted', ReceiptId, EndedData>
  | FactOf<'request.handler_failed', ReceiptId, EndedData>
  | FactOf<'collection.failed', ReceiptId, NotCollectedData>
  | FactOf<'collection.released', ReceiptId, NotCollectedData>

const kinds = factKinds<RequestFact>({
  'request.claimed': true,
  'request.started': true,
  'request.metered': true,
  'request.answered': true,
  'request.interrupted': true,
  'request.handler_failed': true,
  'collection.failed': true,
  'collection.released': true,
})

/** A fact about a paid request as the journal takes it. */
export const toRequestFact = kinds.write
/** The fact about a paid request as it was written; undefined for another room's. */
export const readRequestFact = kinds.read

/** The authorization as a fact holds it; its terms on a split stay outside. */
export function authorizationData(a: Authorization): AuthorizationData {
  const { kind, chainId, token, from, to, nonce, signature } = a
  return {
    kind,
    chainId,
    token,
    from,
    to,
    nonce,
    signature,
    value: a.value.toString(),
    validAfter: a.validAfter.toString(),
    validBefore: a.validBefore.toString(),
    ...(a.facilitator === undefined ? {} : { facilitator: a.facilitator }),
  }
}

export function authorizationFrom(d: AuthorizationData): Authorization {
  const { kind, chainId, token, from, to, nonce, signature, facilitator } = d
  return {
    kind,
    chainId,
    token,
    from,
    to,
    nonce,
    signature,
    value: BigInt(d.value),
    validAfter: BigInt(d.validAfter),
    validBefore: BigInt(d.validBefore),
    ...(facilitator === undefined ? {} : { facilitator }),
  }
}
