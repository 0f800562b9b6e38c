import { encodeAbiParameters, encodeFunctionData, pad } from 'viem'
import { expect, test } from 'vitest'
import type { Hex } from '../../../gateway/ports/ids.ts'
import { EXACT_PROXY, UPTO_PROXY } from '../../../gateway/ports/permit2.ts'
import type { Chain } from '../node/chain.ts'
import { exactProxyAbi, uptoProxyAbi } from '../node/permitAbi.ts'
import { permitBit } from '../node/permitBit.ts'
import type { Log } from '../node/wire.ts'
import { SETTLED_TOPIC, TOPIC } from './events.ts'
import { permitReferences } from './permits.ts'

// Which permit made which transfer: Permit2 says nothing of it, so it is read off the transaction itself.
const [TOKEN, PAYER, PAYEE, FACILITATOR]: Hex[] = ['c0', 'aa', 'bb', 'fa'].map((byte): Hex => `0x${byte.repeat(20)}`) as [
  Hex,
  Hex,
  Hex,
  Hex,
]
const [HASH, BLOCK]: Hex[] = [`0x${'7a'.repeat(32)}`, `0x${'0b'.repeat(32)}`]
const SIGNATURE: Hex = `0x${'11'.repeat(65)}`

let index = 0n
function log(address: Hex, topics: Hex[], data: Hex = '0x'): Log {
  return { address, topics, data, blockNumber: 5n, blockHash: BLOCK!, transactionHash: HASH!, logIndex: index++ }
}
const moved = (value: bigint) =>
  log(TOKEN!, [TOPIC.transfer, pad(PAYER!), pad(PAYEE!)], encodeAbiParameters([{ type: 'uint256' }], [value]))
const settled = (proxy = EXACT_PROXY) => log(proxy, [SETTLED_TOPIC])
const permit = (nonce: bigint, amount: bigint) => ({ permitted: { token: TOKEN!, amount }, nonce, deadline: 9n })
const exact = (nonce: bigint, amount: bigint): Hex =>
  encodeFunctionData({
    abi: exactProxyAbi,
    functionName: 'settle',
    args: [permit(nonce, amount), PAYER!, { to: PAYEE!, validAfter: 0n }, SIGNATURE],
  })
const upto = (nonce: bigint, amount: bigint, charge: bigint): Hex =>
  encodeFunctionData({
    abi: uptoProxyAbi,
    functionName: 'settle',
    args: [permit(nonce, amount), charge, PAYER!, { to: PAYEE!, facilitator: FACILITATOR!, validAfter: 0n }, SIGNATURE],
  })
const named = (nonce: bigint) => `permit2:${PAYER}:0x${nonce.toString(16).padStart(64, '0')}`

/** The references of these logs, in their order, of a transaction with this input; `used` are the nonces that Permit2 has used. */
async function read(logs: readonly Log[], { to, input, used = [] }: { to: Hex; input: Hex; used?: bigint[] }) {
  const mask = used.reduce((word, nonce) => word | permitBit(pad(`0x${nonce.toString(16)}`)).mask, 0n)
  const chain = {
    transaction: async () => ({ to, input, blockHash: BLOCK }),
    call: async () => encodeAbiParameters([{ type: 'uint256' }], [mask]),
  } as unknown as Chain // What is asked of it.
  const references = await permitReferences(chain, logs, TOKEN!)
  return logs.flatMap((one) => references.get(one) ?? [])
}

test('a call of a proxy names its nonce', async () => {
  expect(await read([moved(5n), settled()], { to: EXACT_PROXY, input: exact(7n, 5n) })).toEqual([named(7n)])
  expect(await read([moved(3n), settled(UPTO_PROXY)], { to: UPTO_PROXY, input: upto(8n, 5n, 3n) })).toEqual([named(8n)])
})

test('a token may say more of a transfer before the proxy says that it has settled', async () => {
  const approval = log(TOKEN!, [`0x${'8c'.repeat(32)}`])
  expect(await read([moved(5n), approval, settled()], { to: EXACT_PROXY, input: exact(7n, 5n) })).toEqual([named(7n)])
})

test('a transfer that no proxy made has no permit, whatever the input says', async () => {
  expect(await read([moved(5n)], { to: EXACT_PROXY, input: exact(7n, 5n) })).toEqual([])
  expect(await read([moved(5n), log(PAYEE!, []), settled()], { to: EXACT_PROXY, input: exact(7n, 5n) })).toEqual([])
  expect(await read([moved(4n), settled()], { to: EXACT_PROXY, input: exact(7n, 5n) })).toEqual([])
  expect(await read([moved(5n), settled(UPTO_PROXY)], { to: EXACT_PROXY, input: exact(7n, 5n) })).toEqual([])
})

test('calls that a contract passes on are told apart by the nonces that are used', async () => {
  // Half a byte before a call is no call; the first of the two stands there for show.
  const input: Hex = `0xabcdef${exact(6n, 5n).slice(2)}ff${exact(7n, 5n).slice(2)}`
  const both: readonly Log[] = [moved(5n), settled()]
  expect(await read(both, { to: PAYEE!, input, used: [7n] })).toEqual([named(7n)])
  expect(await read(both, { to: PAYEE!, input, used: [] })).toEqual([])
  const twice = [moved(5n), settled(), moved(5n), settled()]
  expect(await read(twice, { to: PAYEE!, input, used: [6n, 7n] })).toEqual([named(6n), named(7n)])
})
