import type { Books } from '../ports/books.ts'
import type { EntryId, Hex, ReceiptId } from '../ports/ids.ts'
import { evmRail, type RailName } from '../ports/railName.ts'
import type { Authorization } from '../ports/receiver.ts'

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

/** An authorization as a fact holds it. */
export function authorizationData(a: Authorization): Record<string, string | number> {
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
  }
}

export function authorizationFrom(d: Record<string, string | number>): Authorization {
  return {
    ...{ kind: d.kind as Authorization['kind'], chainId: d.chainId as number, token: d.token as Hex, from: d.from as Hex, to: d.to as Hex },
    ...{ nonce: d.nonce as Hex, signature: d.signature as Hex, value: BigInt(d.value!) },
    ...{ validAfter: BigInt(d.validAfter!), validBefore: BigInt(d.validBefore!) },
  }
}

export type RequestView = ReturnType<typeof createRequestView>

/** All paid requests as the journal's facts make them. Bodies of answers stay in the journal; `answeredSeq` says where. */
export function createRequestView(books: Books) {
  const byClaim = new Map<string, PaidRequest>()
  const byReceipt = new Map<string, string>()
  const byAuthorization = new Map<string, string>()
  /** Only authorizations that may still have to be collected are kept. */
  const held = new Map<string, Authorization>()
  const exposure = new Map<string, bigint>()
  const distrusted = new Set<string>()
  const exceptions: { id: string; rail: string; what: string; at: number }[] = []

  function change(claimKey: string, next: Partial<PaidRequest>): void {
    const request = byClaim.get(claimKey)
    if (request) byClaim.set(claimKey, { ...request, ...next })
  }

  function closeHold(claimKey: string, collection: 'collected' | 'failed'): void {
    const request = byClaim.get(claimKey)
    if (request?.collection !== 'held') return
    held.delete(claimKey)
    byAuthorization.delete(authorizationKey(claimKey))
    exposure.set(request.payer, (exposure.get(request.payer) ?? 0n) - request.units)
    change(claimKey, { collection })
  }

  books.listen((fact, seq) => {
    if (fact.type === 'settlement.booked') {
      const receipt = fact.data.request as string | undefined
      const claimKey = receipt ? byReceipt.get(receipt) : undefined
      if (claimKey) closeHold(claimKey, 'collected')
      return
    }
    if (!fact.type.startsWith('request.') && !fact.type.startsWith('collection.')) return
    const d = fact.data as Record<string, string | number> & { authorization?: Record<string, string | number> }
    const claimKey = d.claimKey as string
    if (fact.type === 'request.claimed') {
      const request: PaidRequest = {
        ...{
          receipt: fact.id as ReceiptId,
          claimKey,
          fingerprint: d.fingerprint as string,
          rail: d.rail as RailName,
          entry: d.entry as EntryId,
        },
        ...{
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
        },
      }
      byClaim.set(claimKey, request)
      byReceipt.set(fact.id, claimKey)
      if (d.authorization) {
        held.set(claimKey, authorizationFrom(d.authorization))
        byAuthorization.set(authorizationKey(claimKey), claimKey)
        exposure.set(request.payer, (exposure.get(request.payer) ?? 0n) + request.units)
      }
    } else if (fact.type === 'request.answered') change(claimKey, { state: 'answered', status: d.status as number, answeredSeq: seq })
    else if (fact.type === 'request.started') change(claimKey, { started: true })
    else if (fact.type === 'request.interrupted') change(claimKey, { state: 'interrupted' })
    if (d.exception) exceptions.push({ id: fact.id, rail: d.rail as string, what: d.exception as string, at: fact.at })
    if (fact.type === 'collection.failed' || fact.type === 'collection.released') {
      const request = byClaim.get(claimKey)
      if (fact.type === 'collection.failed' && request) distrusted.add(request.payer)
      closeHold(claimKey, 'failed')
    }
  })

  return {
    byClaim: (claimKey: string): PaidRequest | undefined => byClaim.get(claimKey),
    byReceipt: (receipt: string): PaidRequest | undefined => byClaim.get(byReceipt.get(receipt) ?? ''),
    byAuthorization: (rail: RailName, reference: string): PaidRequest | undefined =>
      byClaim.get(byAuthorization.get(`${rail} ${reference.toLowerCase()}`) ?? ''),
    authorization: (claimKey: string): Authorization | undefined => held.get(claimKey),
    heldKeys: (): readonly string[] => [...held.keys()],
    /** What we have served or are serving this payer for, on authorizations not collected yet. */
    exposure: (payer: string): bigint => exposure.get(payer) ?? 0n,
    /** A payer whose authorization once could not be collected pays before the work from then on. */
    distrusted: (payer: string): boolean => distrusted.has(payer),
    /** Requests that were not served and whose money did not go back. */
    exceptions: (): readonly Readonly<{ id: string; rail: string; what: string; at: number }>[] => exceptions,
    unfinished: (): readonly PaidRequest[] => [...byClaim.values()].filter((r) => r.state === 'claimed'),
  }
}

/** `evm:<chain>:<token>:<from>:<nonce>` of a claim, as the chain's rail reports it: a payer may use one nonce on two chains. */
function authorizationKey(claimKey: string): string {
  const [, chainId, , from, nonce] = claimKey.split(':')
  return `${evmRail(Number.parseInt(chainId!, 10))} auth:${from}:${nonce}`.toLowerCase() // not money: a chain's id
}
