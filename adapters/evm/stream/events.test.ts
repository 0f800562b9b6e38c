import { encodeAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import { ETH, erc20Asset } from '../../../gateway/money/asset.ts'
import type { Hex } from '../../../gateway/ports/ids.ts'
import type { Log } from '../node/wire.ts'
import type { RequestOf } from '../sending/requests.ts'
import { hubNonce, paymentIn } from '../work/authorizationUse.ts'
import { addressTopic, authorizationsIn, TOPIC } from './events.ts'
import { type Scope, translateLogs } from './translate.ts'

const word = (byte: string): Hex => `0x${byte.repeat(32)}`
const account = (byte: string): Hex => `0x${byte.repeat(20)}`
const uint = (value: bigint): Hex => encodeAbiParameters([{ type: 'uint256' }], [value])

const [TOKEN, HUB, OPERATOR, RECEIVER, PAYER, OTHER] = ['70', '4b', '09', '4e', 'aa', 'bb'].map(account) as [Hex, Hex, Hex, Hex, Hex, Hex] // six in, six out.
const SPLIT = word('51')
const [NONCE, NONCE_2, REF] = [word('01'), word('02'), word('03')]

type Event = Readonly<{ address: Hex; topics: Hex[]; data: Hex }>
const used = (from: Hex, nonce: Hex): Event => ({
  address: TOKEN,
  topics: [TOPIC.authorizationUsed, addressTopic(from), nonce],
  data: '0x',
})
const moved = (from: Hex, to: Hex, value: bigint, token = TOKEN): Event => ({
  address: token,
  topics: [TOPIC.transfer, addressTopic(from), addressTopic(to)],
  data: uint(value),
})
const claimed = (splitId: Hex, to: Hex, value: bigint): Event => ({
  address: HUB,
  topics: [TOPIC.claimed, splitId, addressTopic(to), addressTopic(TOKEN)],
  data: uint(value),
})

const claimedMany = (to: Hex, splitIds: Hex[], values: bigint[]): Event => ({
  address: HUB,
  topics: [TOPIC.claimedMany, addressTopic(to), addressTopic(TOKEN)],
  data: encodeAbiParameters([{ type: 'bytes32[]' }, { type: 'uint256[]' }], [splitIds, values]),
})
const claimedTo = (splitId: Hex, of: Hex, to: Hex, value: bigint): Event => ({
  address: HUB,
  topics: [TOPIC.claimedTo, splitId, addressTopic(of), addressTopic(TOKEN)],
  data: encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [to, value]),
})

/** The events of one transaction, from log 7 on. */
function logsOf(...events: Event[]): Log[] {
  return events.map((event, i) => ({
    ...event,
    blockNumber: 5n,
    blockHash: word('b5'),
    transactionHash: word('7a'),
    logIndex: BigInt(7 + i),
  }))
}

const scope: Scope = {
  rail: 'evm:1',
  token: TOKEN,
  hub: HUB,
  operator: OPERATOR,
  asset: erc20Asset({ chainId: 1, address: TOKEN, code: 'USDC', scale: 6, ledger: 10 }),
  gasAsset: ETH,
  receivers: new Map([[RECEIVER, SPLIT]]),
  splits: new Set([SPLIT]),
  wallet: true,
  payouts: new Map(),
}
const told = (...events: Event[]) =>
  translateLogs(logsOf(...events), scope, () => 5000).map(({ settlement: { id, place, amount, reference } }) => [
    id.split(':')[1],
    place,
    amount.units,
    reference,
  ])

describe('an authorization', () => {
  test('is the reference of the transfer right behind it, each its own', () => {
    const events = [used(PAYER, NONCE), moved(PAYER, RECEIVER, 3n), used(PAYER, NONCE_2), moved(PAYER, RECEIVER, 4n)]
    expect(told(...events)).toEqual([
      ['8', 'receiver', 3n, `auth:${PAYER}:${NONCE}`],
      ['10', 'receiver', 4n, `auth:${PAYER}:${NONCE_2}`],
    ])
  })

  test('to the payer’s own pocket does not name a plain transfer in the same transaction', () => {
    expect(told(used(PAYER, NONCE), moved(PAYER, OTHER, 1n), moved(PAYER, RECEIVER, 9n))).toEqual([['9', 'receiver', 9n, undefined]])
  })

  test('does not name a transfer of another payer, of another token, or before it', () => {
    expect(told(used(PAYER, NONCE), moved(OTHER, RECEIVER, 9n))).toEqual([['8', 'receiver', 9n, undefined]])
    expect(told(moved(PAYER, RECEIVER, 9n), used(PAYER, NONCE))).toEqual([['7', 'receiver', 9n, undefined]])
    const foreign = logsOf(used(PAYER, NONCE), moved(PAYER, RECEIVER, 9n, OTHER))
    expect(authorizationsIn(foreign, TOKEN)).toMatchObject([{ from: PAYER, nonce: NONCE }])
    expect(authorizationsIn(foreign, TOKEN)[0]).not.toHaveProperty('transfer')
    expect(told(used(PAYER, NONCE), moved(PAYER, RECEIVER, 9n, OTHER))).toEqual([])
  })
})

describe('a transaction proves that an authorization was paid', () => {
  const authorization: RequestOf<'collection'>['authorization'] = {
    kind: 'transfer',
    chainId: 1,
    token: TOKEN,
    from: PAYER,
    to: RECEIVER,
    value: 9n,
    validAfter: 0n,
    validBefore: 1n,
    nonce: NONCE,
    signature: '0x',
  }
  const at = { token: TOKEN, hub: HUB }

  test('by exactly its value to exactly its receiver', () => {
    expect(paymentIn(logsOf(used(PAYER, NONCE), moved(PAYER, RECEIVER, 9n)), at, authorization)).toBeDefined()
  })

  test.each<[string, Event[]]>([
    ['another value', [used(PAYER, NONCE), moved(PAYER, RECEIVER, 8n)]],
    ['another receiver', [used(PAYER, NONCE), moved(PAYER, OTHER, 9n), moved(PAYER, RECEIVER, 9n)]],
    ['another nonce', [used(PAYER, NONCE_2), moved(PAYER, RECEIVER, 9n)]],
    ['another payer', [used(OTHER, NONCE), moved(OTHER, RECEIVER, 9n)]],
    ['no use at all', [moved(PAYER, RECEIVER, 9n)]],
  ])('and not by %s', (_, events) => {
    expect(paymentIn(logsOf(...events), at, authorization)).toBeUndefined()
  })

  test('and for the hub only with its split and reference paid', () => {
    const receive = { ...authorization, kind: 'receive' as const, to: HUB, splitId: SPLIT, ref: REF, nonce: hubNonce(SPLIT, REF) }
    const paid = (ref: Hex, value: bigint): Event => ({
      address: HUB,
      topics: [TOPIC.paid, SPLIT, ref, addressTopic(PAYER)],
      data: encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [TOKEN, value]),
    })
    const money = [used(PAYER, receive.nonce), moved(PAYER, HUB, 9n)]
    expect(paymentIn(logsOf(...money, paid(REF, 9n)), at, receive)).toBeDefined()
    expect(paymentIn(logsOf(...money, paid(REF, 8n)), at, receive)).toBeUndefined()
    expect(paymentIn(logsOf(...money, paid(word('04'), 9n)), at, receive)).toBeUndefined()
    expect(paymentIn(logsOf(...money), at, receive)).toBeUndefined()
  })
})

describe('the stream', () => {
  test('tells what a payout of ours sent to our own wallet as money that came to it, and nothing of other transfers to oneself', () => {
    const events = logsOf(moved(OPERATOR, OPERATOR, 4n))
    const told = (payouts: Scope['payouts']) => translateLogs(events, { ...scope, payouts }, () => 5000).map(({ settlement }) => settlement)
    expect(told(new Map([[word('7a'), 'at_1']]))).toMatchObject([
      { kind: 'received', place: 'wallet', amount: { units: 4n }, payer: OPERATOR, attemptId: 'at_1' },
    ])
    expect(told(new Map())).toEqual([])
  })

  test('tells a claim over many splits once a split, each with a place of its own', () => {
    const both = { ...scope, splits: new Set([SPLIT, word('52')]) }
    const events = logsOf(claimedMany(PAYER, [SPLIT, word('99'), word('52')], [1n, 2n, 3n]), moved(HUB, PAYER, 6n))
    const placed = translateLogs(events, both, () => 5000)
    expect(placed.map(({ settlement: { kind, splitId, amount } }) => [kind, splitId, amount.units])).toEqual([
      ['claimed', SPLIT, 1n],
      ['claimed', word('52'), 3n],
    ])
    expect(new Set(placed.map(({ settlement }) => settlement.id)).size).toBe(2)
    expect(new Set(placed.map(({ settlement }) => settlement.cursor)).size).toBe(2)
  })

  test('leaves of the operator’s claim over many splits what strange splits paid as money in the wallet', () => {
    const events = [claimedMany(OPERATOR, [SPLIT, word('99')], [4n, 2n]), moved(HUB, OPERATOR, 6n)]
    expect(told(...events)).toEqual([
      ['7', 'hub', 4n, undefined],
      ['8', 'wallet', 2n, undefined],
    ])
  })

  test('tells a claim sent elsewhere by the payee it was for, and what it sends to the operator as a gift', () => {
    expect(told(claimedTo(SPLIT, PAYER, OTHER, 6n), moved(HUB, OTHER, 6n))).toEqual([['7', 'hub', 6n, undefined]])
    expect(told(claimedTo(SPLIT, PAYER, OPERATOR, 6n), moved(HUB, OPERATOR, 6n))).toEqual([
      ['7', 'hub', 6n, undefined],
      ['8', 'wallet', 6n, undefined],
    ])
  })

  test('tells a claim that the operator is paid once, and a transfer of the hub for a strange split as money in the wallet', () => {
    expect(told(claimed(SPLIT, OPERATOR, 6n), moved(HUB, OPERATOR, 6n))).toEqual([['7', 'hub', 6n, undefined]])
    expect(told(claimed(word('99'), OPERATOR, 6n), moved(HUB, OPERATOR, 6n))).toEqual([['8', 'wallet', 6n, undefined]])
  })

  test('leaves out transfers of nothing, to ourselves, and to strangers', () => {
    expect(told(moved(PAYER, RECEIVER, 0n), moved(OPERATOR, OPERATOR, 5n), moved(PAYER, OTHER, 5n), moved(OPERATOR, OTHER, 5n))).toEqual([])
  })
})
