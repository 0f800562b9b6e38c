import { encodeFunctionData } from 'viem'
import type { Clock } from '../../../gateway/ports/clock.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Authorization } from '../../../gateway/ports/receiver.ts'
import { hubAbi, tokenAbi } from '../node/abi.ts'
import type { Chain } from '../node/chain.ts'
import type { Contracts } from '../node/contracts.ts'
import type { Header } from '../node/wire.ts'
import type { Action, Ending } from '../sending/actionTable.ts'
import { isPermit, type RequestOf, readRequest } from '../sending/requests.ts'
import type { Step, Work } from '../sending/steps.ts'
import { findUse, hubNonce, paymentIn } from './authorizationUse.ts'
import { withMargin } from './callWork.ts'
import { mayRisk, type PayersGasParts, unlessSent } from './payersGas.ts'
import type { PayersMoney } from './payersMoney.ts'
import { permitCall, permitFault } from './permitCalls.ts'
import { ALREADY_USED, BAD_SIGNATURE, DELEGATED, isDelegation, NO_LANE, NOT_YET_VALID, refusalOf } from './refusals.ts'

type Collection = RequestOf<'collection'>
export type CollectionParts = Pick<PayersGasParts, 'codeRisk'> &
  Readonly<{
    /** The endpoint that is read from: the first to simulate. */
    chain: Chain
    /** Any of the endpoints: who simulates when the first refuses. */
    any: Chain
    /** What most of the endpoints say: only this ends a collection. */
    agreed: Chain
    agreedContracts: Contracts
    chainId: number
    token: Hex
    hub: Hex
    operator: Hex
    /** The accounts of all lanes. */
    senders: readonly Hex[]
    /** The newest block that most endpoints have reached. */
    head: () => Header
    /** The newest block that counts as final now. */
    horizon: () => Header | undefined
    clock: Clock
    payersMoney: PayersMoney
  }>

/** A smart account's signature can be long; no honest one is longer. */
const SIGNATURE_CHARS_MAX = 2 + 2 * 8_192
/** A chain without new blocks has an old clock; a payer's clock may be fast. */
const CLOCK_SLACK_SECONDS = 60n

/** The authorization as a request, or why it could never be collected here. */
export function readCollection(parts: CollectionParts, authorization: Authorization): Collection | Extract<Ending, { kind: 'failed' }> {
  const refuse = (detail: string) => ({ kind: 'failed', reason: 'rejected_by_rail', detail }) as const
  if (authorization.signature.length > SIGNATURE_CHARS_MAX) return refuse('the signature is too long')
  const request = readRequest({ kind: 'collection', authorization })
  if (request?.kind !== 'collection') return refuse('a field of the authorization is malformed')
  const { chainId, token, kind, to, value, splitId, ref, nonce } = request.authorization
  if (chainId !== parts.chainId) return refuse('the authorization is for another chain')
  if (token !== parts.token) return refuse('the authorization is for another token')
  if (value === 0n) return refuse('the value is zero')
  const fault = permitFault(request.authorization)
  if (fault !== undefined) return refuse(fault)
  if (kind === 'transfer' || isPermit(kind)) return request
  if (to !== parts.hub || !splitId || !ref) return refuse('a receive authorization names the hub, a split and a reference')
  if (nonce !== hubNonce(splitId, ref)) return refuse('the nonce does not commit to the split and the reference')
  return request
}

/**
 * Collecting what a payer signed (EIP-3009, or Permit2 by x402's proxies). The nonce on chain decides: whoever sends the authorization, it pays once. Only the
 * nonce that was used or cancelled, or that cannot be used any more, ends it, in a final block and by the word of most endpoints; what else a node says against
 * it may be different a minute later, or a lie, and is tried again.
 */
export function collectionWork(parts: CollectionParts): Work {
  const { agreed, horizon } = parts
  const isUsed = usedBy(parts.agreedContracts)

  /** The nonce is used: by whom and for what is final only below the finality depth. */
  async function judgeUse(authorization: Collection['authorization']): Promise<Step> {
    const newest = horizon()?.number ?? -1n
    const use = await findUse(agreed, parts, authorization, newest)
    if (!use) return isPermit(authorization.kind) ? judgeUnseen(authorization) : { kind: 'wait' }
    const block = await agreed.header(use.block)
    if (block.hash !== use.blockHash) return { kind: 'wait' }
    if (use.kind === 'otherwise') return { kind: 'end', ending: { kind: 'failed', reason: 'already_used' } }
    // Somebody else relayed it and paid the gas.
    return { kind: 'end', ending: { kind: 'settled', hash: use.hash, at: Number(block.timestamp) * 1000, costWei: 0n } } // not money: a time
  }

  /** Permit2 leaves no trace of a nonce that another contract has used. An index of logs may lag behind, so this is its end only when its time is over. */
  async function judgeUnseen(authorization: Collection['authorization']): Promise<Step> {
    const final = horizon()
    if (!final || !(await isUsed(authorization, final.number))) return { kind: 'wait' }
    return isOver(authorization, final) ? { kind: 'end', ending: ALREADY_USED } : { kind: 'wait', refusal: ALREADY_USED }
  }

  /** True when the final chain has passed its time without using it: no later block can. */
  async function hasExpired(authorization: Collection['authorization']): Promise<boolean> {
    const final = horizon()
    return !!final && isOver(authorization, final) && !(await isUsed(authorization, final.number))
  }

  return {
    prepare: unlessSent(letGo(parts), async (action) => {
      const { authorization } = collectionOf(action)
      if (await hasExpired(authorization)) return { kind: 'end', ending: { kind: 'failed', reason: 'expired' } }
      const { from, facilitator: sender } = authorization
      if (await isUsed(authorization, parts.head().number)) return judgeUse(authorization)
      if (sender !== undefined && !parts.senders.includes(sender)) return { kind: 'wait', refusal: NO_LANE }
      const call = collectionCall(parts, authorization)
      try {
        const gas = estimate(parts, { from: sender ?? parts.operator, ...call })
        const risked = await mayRisk(parts, action, { payer: from, gas })
        if (risked === 'later') return { kind: 'wait' }
        if (risked !== 'go') return { kind: 'wait', refusal: risked }
        if (!(await parts.payersMoney.covers(action.id, authorization))) return { kind: 'wait' }
        return { kind: 'send', ...call, gas: withMargin(await gas), sender }
      } catch (error) {
        return refusedStep(parts, authorization, error)
      }
    }),

    // The authorization stays good until it ends, so it waits for room, for ether or for a lower price.
    refused: () => 'wait',

    async conclude(action, mined) {
      const { authorization } = collectionOf(action)
      const { receipt } = mined
      parts.payersMoney.drop(action.id)
      const paid = receipt.status === '0x1' ? paymentIn(receipt.logs, parts, authorization) : undefined
      if (paid) {
        parts.codeRisk.paid(action.id, authorization.from)
        const logIndex = Number(paid.logIndex) // not money: a place in a block
        return { kind: 'settled', hash: receipt.transactionHash, at: mined.at, costWei: mined.costWei, logIndex }
      }
      parts.codeRisk.lost(action.id, authorization.from)
      // Reverted: perhaps because another relayer was first. Looked at anew; an unused nonce is simulated again and says why.
      return 'again'
    },
  }
}

/** Nothing of ours is on its way for it. */
function letGo({ codeRisk, payersMoney }: CollectionParts): (id: string) => void {
  return (id) => {
    codeRisk.unsent(id)
    payersMoney.drop(id)
  }
}

/** What is done where the simulation was refused. */
async function refusedStep(
  { chain, clock }: CollectionParts,
  { from, validAfter }: Collection['authorization'],
  error: unknown,
): Promise<Step> {
  const refusal = refusalOf(error)
  if (!refusal) throw error
  // The chain itself will say so when it is true: another relayer was first, or its time has come or passed.
  const soon = refusal === NOT_YET_VALID && mayComeTrue(clock, validAfter)
  if (soon || refusal.reason === 'already_used' || refusal.reason === 'expired') return { kind: 'wait' }
  const delegated = refusal === BAD_SIGNATURE && isDelegation(await chain.code(from))
  return { kind: 'wait', refusal: delegated ? DELEGATED : refusal }
}

/** The gas by simulation. One endpoint's refusal is its own word: the others are asked too, and all must refuse. Throws as a call does. */
async function estimate({ chain, any }: CollectionParts, call: Parameters<Chain['estimateGas']>[0]): Promise<bigint> {
  try {
    return await chain.estimateGas(call)
  } catch (error) {
    if (!refusalOf(error)) throw error
    return any.estimateGas(call)
  }
}

/** Whether the nonce is used at a block. */
function usedBy(contracts: Contracts): (authorization: Collection['authorization'], block: bigint) => Promise<boolean> {
  return ({ kind, from, nonce }, block) =>
    isPermit(kind) ? contracts.permitUsed(from, nonce, block) : contracts.authorizationUsed(from, nonce, block)
}

/** Whether no block from this one on can take it: EIP-3009 wants a time before `validBefore`, and Permit2 none after its deadline. */
function isOver({ kind, validBefore }: Collection['authorization'], { timestamp }: Header): boolean {
  return isPermit(kind) ? timestamp > validBefore : timestamp >= validBefore
}

/** Whether the chain only has to catch up with the payer's clock. */
export function mayComeTrue(clock: Clock, validAfter: bigint): boolean {
  return validAfter <= BigInt(clock.now()) / 1000n + CLOCK_SLACK_SECONDS
}

/** The transaction that collects an authorization. */
export function collectionCall(
  parts: Pick<CollectionParts, 'token' | 'hub'>,
  authorization: Collection['authorization'],
): { to: Hex; data: Hex } {
  const { kind, from, to, value, validAfter, validBefore, nonce, signature, splitId, ref } = authorization
  if (isPermit(kind)) return permitCall(authorization)
  if (kind === 'transfer') {
    const args = [from, to, value, validAfter, validBefore, nonce, signature] as const
    return { to: parts.token, data: encodeFunctionData({ abi: tokenAbi, functionName: 'transferWithAuthorization', args }) }
  }
  const auth = { splitId: splitId!, ref: ref!, from, value, validAfter, validBefore, signature } // present: readCollection saw to it.
  return { to: parts.hub, data: encodeFunctionData({ abi: hubAbi, functionName: 'pay', args: [parts.token, auth] }) }
}

function collectionOf(action: Action): Collection {
  if (action.request.kind !== 'collection') throw new Error(`action ${action.id} is no collection`)
  return action.request
}
