import type { Fact } from '../../ports/books.ts'
import type { EntryId, Hex, ReceiptId } from '../../ports/ids.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Authorization } from '../../ports/receiver.ts'

/**
 * One paid request. `claimed`: durable, the handler has not answered. `answered`: its answer is durable. `interrupted`: the process ended in
 * between; the handler is not run again and the money went back. `collection` is the state of an authorization held for it.
 */
export type PaidRequest = Readonly<{
  receipt: ReceiptId
  claimKey: string
  fingerprint: string
  rail: RailName
  entry: EntryId
  payer: string
  units: bigint
  /** What the payee is given in the asset of balances when the authorization is in another: leg 1 of the entry holds it. Else 0. */
  converted: bigint
  state: 'claimed' | 'answered' | 'interrupted'
  status: number
  collection: 'none' | 'held' | 'collected' | 'failed'
  /** The work began after its money was collected; only marked where money is collected first. */
  started: boolean
  /** Collected before the work, by the price or the payer. */
  settleFirst: boolean
  at: number
  seq: number
  answeredSeq: number
}>

/** The answer to a paid request. `body` is undefined where it was given once and was too long to keep. */
export type Answer = Readonly<{ status: number; contentType: string; body: string | undefined }>

type Data = Record<string, string | number> & { authorization?: Record<string, string | number> }

/** The request that a `request.claimed` fact of block `seq` makes. */
export function claimedRequest(fact: Fact, seq: number): PaidRequest {
  const d = fact.data as Data // As `createPaidRequests` writes it.
  return {
    receipt: fact.id as ReceiptId,
    claimKey: d.claimKey as string,
    fingerprint: d.fingerprint as string,
    rail: d.rail as RailName,
    entry: d.entry as EntryId,
    payer: d.payer as string,
    units: BigInt(d.units!),
    converted: BigInt(d.converted ?? 0),
    state: 'claimed',
    status: 0,
    collection: d.authorization ? 'held' : 'none',
    started: false,
    settleFirst: d.settleFirst === 'yes',
    at: fact.at,
    seq,
    answeredSeq: 0,
  }
}

/** The request after one more fact about it. */
export function requestAfter(request: PaidRequest, fact: Fact, seq: number): PaidRequest {
  switch (fact.type) {
    case 'request.answered':
      return { ...request, state: 'answered', status: fact.data.status as number, answeredSeq: seq }
    case 'request.started':
      return { ...request, started: true }
    case 'request.interrupted':
      return { ...request, state: 'interrupted' }
    case 'settlement.booked':
      return request.collection === 'held' ? { ...request, collection: 'collected' } : request
    case 'collection.failed':
    case 'collection.released':
      return request.collection === 'held' ? { ...request, collection: 'failed' } : request
    default:
      return request
  }
}

/** Nothing will happen to it any more: it is only looked at when its proof is sent again. */
export function isFinished(request: PaidRequest): boolean {
  return request.state !== 'claimed' && request.collection !== 'held'
}

/** An authorization as a fact holds it. */
export function authorizationData(a: Authorization): Record<string, string | number> {
  const { kind, chainId, token, from, to, nonce, signature } = a
  return {
    ...{ kind, chainId, token, from, to, nonce, signature },
    value: a.value.toString(),
    validAfter: a.validAfter.toString(),
    validBefore: a.validBefore.toString(),
  }
}

export function authorizationFrom(d: Record<string, string | number>): Authorization {
  return {
    ...{ kind: d.kind as Authorization['kind'], chainId: d.chainId as number, token: d.token as Hex, from: d.from as Hex, to: d.to as Hex },
    ...{ nonce: d.nonce as Hex, signature: d.signature as Hex, value: BigInt(d.value!) },
    ...{ validAfter: BigInt(d.validAfter!), validBefore: BigInt(d.validBefore!) },
  }
}
