import { decodeEventLog, encodeEventTopics } from 'viem'
import { invariant } from '../../../gateway/errors/invariant.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { hubAbi, tokenAbi } from '../node/abi.ts'
import { lower } from '../node/contracts.ts'
import { exactProxyAbi, permit2Abi } from '../node/permitAbi.ts'
import type { Log } from '../node/wire.ts'

/** The first topic of each event this rail reads. */
export const TOPIC = {
  transfer: encodeEventTopics({ abi: tokenAbi, eventName: 'Transfer' })[0],
  authorizationUsed: encodeEventTopics({ abi: tokenAbi, eventName: 'AuthorizationUsed' })[0],
  authorizationCanceled: encodeEventTopics({ abi: tokenAbi, eventName: 'AuthorizationCanceled' })[0],
  paid: encodeEventTopics({ abi: hubAbi, eventName: 'Paid' })[0],
  swept: encodeEventTopics({ abi: hubAbi, eventName: 'Swept' })[0],
  claimed: encodeEventTopics({ abi: hubAbi, eventName: 'Claimed' })[0],
  claimedTo: encodeEventTopics({ abi: hubAbi, eventName: 'ClaimedTo' })[0],
  claimedMany: encodeEventTopics({ abi: hubAbi, eventName: 'ClaimedMany' })[0],
  opened: encodeEventTopics({ abi: hubAbi, eventName: 'ChannelOpened' })[0],
  toppedUp: encodeEventTopics({ abi: hubAbi, eventName: 'ChannelToppedUp' })[0],
  vouched: encodeEventTopics({ abi: hubAbi, eventName: 'VouchersClaimed' })[0],
  withdrawn: encodeEventTopics({ abi: hubAbi, eventName: 'ChannelWithdrawn' })[0],
} as const

/** What x402's proxies say when they have moved what a payer signed for Permit2. */
export const SETTLED_TOPIC = encodeEventTopics({ abi: exactProxyAbi, eventName: 'Settled' })[0]
/** What Permit2 says when an owner has ended nonces. */
export const INVALIDATED_TOPIC = encodeEventTopics({ abi: permit2Abi, eventName: 'UnorderedNonceInvalidation' })[0]

const { transfer, authorizationUsed: _used, authorizationCanceled: _canceled, ...ofHub } = TOPIC
/** What the stream asks a block for: the token's transfers and the hub's movements. */
export const STREAM_TOPICS: Readonly<{ token: Hex; hub: readonly Hex[] }> = { token: transfer, hub: Object.values(ofHub) }

export type TransferEvent = Readonly<{ log: Log; from: Hex; to: Hex; value: bigint }>
export type AuthorizationEvent = Readonly<{ log: Log; from: Hex; nonce: Hex; transfer?: TransferEvent }>
type PaidEvent = Readonly<{ log: Log; splitId: Hex; ref: Hex; from: Hex; value: bigint }>
type SweptEvent = Readonly<{ log: Log; splitId: Hex; value: bigint }>
/** `part` counts the splits that one log names; `to` is who the hub paid. */
export type ClaimedEvent = Readonly<{ log: Log; part: number; splitId: Hex; account: Hex; to: Hex; value: bigint }>

/** An address as a topic: 32 bytes. */
export function addressTopic(account: Hex): Hex {
  return `0x${account.slice(2).toLowerCase().padStart(64, '0')}`
}

export function transfersIn(logs: readonly Log[], token: Hex): TransferEvent[] {
  return logs.filter(emitted(token, TOPIC.transfer)).map((log) => {
    const { args } = decodeEventLog({ abi: tokenAbi, eventName: 'Transfer', ...raw(log) })
    return { log, from: lower(args.from), to: lower(args.to), value: args.value }
  })
}

/**
 * Uses of authorizations, each with the transfer it made: the very next log of the token (EIP-3009 tokens emit the two together). Only
 * that adjacency proves that this authorization moved this money: a payer could sign a second authorization of the same nonce to
 * themselves and add a plain transfer to the same transaction.
 */
export function authorizationsIn(logs: readonly Log[], token: Hex): AuthorizationEvent[] {
  // A place in a block names one log of it.
  const placeOf = (log: Log, after = 0n) => `${log.blockHash} ${log.logIndex + after}`
  const transfers = new Map(transfersIn(logs, token).map((transfer) => [placeOf(transfer.log), transfer]))
  return logs.filter(emitted(token, TOPIC.authorizationUsed)).map((log) => {
    const { args } = decodeEventLog({ abi: tokenAbi, eventName: 'AuthorizationUsed', ...raw(log) })
    const from = lower(args.authorizer)
    const next = transfers.get(placeOf(log, 1n))
    return { log, from, nonce: args.nonce, ...(next && next.from === from ? { transfer: next } : {}) }
  })
}

export function paymentsIn(logs: readonly Log[], at: { token: Hex; hub: Hex }): PaidEvent[] {
  return logs.filter(emitted(at.hub, TOPIC.paid)).flatMap((log) => {
    const { args } = decodeEventLog({ abi: hubAbi, eventName: 'Paid', ...raw(log) })
    return lower(args.token) === at.token ? [{ log, splitId: args.splitId, ref: args.ref, from: lower(args.from), value: args.value }] : []
  })
}

export function sweepsIn(logs: readonly Log[], at: { token: Hex; hub: Hex }): SweptEvent[] {
  return logs.filter(emitted(at.hub, TOPIC.swept)).flatMap((log) => {
    const { args } = decodeEventLog({ abi: hubAbi, eventName: 'Swept', ...raw(log) })
    return lower(args.token) === at.token ? [{ log, splitId: args.splitId, value: args.value }] : []
  })
}

/** What payees took out of their pots: by themselves, to an address they signed, or out of several pots at once. */
export function claimsIn(logs: readonly Log[], at: { token: Hex; hub: Hex }): ClaimedEvent[] {
  return logs
    .filter(({ address }) => address === at.hub)
    .flatMap((log): (ClaimedEvent & { token: Hex })[] => {
      switch (log.topics[0]) {
        case TOPIC.claimed: {
          const { splitId, account, token, value } = decodeEventLog({ abi: hubAbi, eventName: 'Claimed', ...raw(log) }).args
          return [{ log, part: 0, splitId, account: lower(account), to: lower(account), token: lower(token), value }]
        }
        case TOPIC.claimedTo: {
          const { splitId, account, to, token, value } = decodeEventLog({ abi: hubAbi, eventName: 'ClaimedTo', ...raw(log) }).args
          return [{ log, part: 0, splitId, account: lower(account), to: lower(to), token: lower(token), value }]
        }
        case TOPIC.claimedMany: {
          const { account, token, splitIds, values } = decodeEventLog({ abi: hubAbi, eventName: 'ClaimedMany', ...raw(log) }).args
          const [payee, paidIn] = [lower(account), lower(token)]
          return splitIds.map((splitId, part) => ({ log, part, splitId, account: payee, to: payee, token: paidIn, value: values[part]! }))
        }
        default:
          return []
      }
    })
    .filter(({ token, value }) => token === at.token && value > 0n)
    .map(({ token: _, ...claim }) => claim)
}

export function emitted(address: Hex, topic: Hex): (log: Log) => boolean {
  return (log) => log.address === address && log.topics[0] === topic
}

export function raw(log: Log): { data: Hex; topics: [Hex, ...Hex[]] } {
  const [first, ...rest] = log.topics
  invariant(first, 'an event that is read has a topic')
  return { data: log.data, topics: [first, ...rest] }
}
