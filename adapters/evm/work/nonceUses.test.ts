import { expect, test } from 'vitest'
import type { Authorization } from '../../../gateway/ports/receiver.ts'
import type { Chain } from '../node/chain.ts'
import { RpcSilent } from '../node/rpc.ts'
import { createNonceUses } from './nonceUses.ts'

const TOKEN = `0x${'c0'.repeat(20)}` as const
const HUB = `0x${'0e'.repeat(20)}` as const
const FROM = `0x${'aa'.repeat(20)}` as const
const signed = (nonce: number): Authorization => ({
  kind: 'transfer',
  chainId: 1,
  token: TOKEN,
  from: FROM,
  to: HUB,
  value: 5n,
  validAfter: 0n,
  validBefore: 2_000_000_000n,
  nonce: `0x${nonce.toString(16).padStart(64, '0')}`,
  signature: `0x${'00'.repeat(65)}`,
})

/** A chain of one range of blocks in which nothing used any nonce. */
function open() {
  let [looks, now, isSilent] = [0, 0, false]
  const logs = async () => {
    looks += 1
    if (isSilent) throw new RpcSilent('nobody answered')
    return []
  }
  const agreed = { logs } as unknown as Chain // All that a search for what is not there asks for.
  const { useOf } = createNonceUses({ agreed, token: TOKEN, hub: HUB, newest: async () => 10n, clock: { now: () => now } })
  return {
    useOf,
    looks: () => looks,
    pass(ms: number): void {
      now += ms
    },
    silence(is: boolean): void {
      isSilent = is
    },
  }
}

test('what used a nonce is looked for once in a minute, found or not', async () => {
  const { useOf, looks, pass } = open()
  for (let n = 0; n < 5; n++) expect(await useOf(signed(1))).toBeUndefined()
  expect(looks()).toBe(1)
  await useOf(signed(2))
  expect(looks()).toBe(2)
  pass(60_001)
  await useOf(signed(1))
  expect(looks()).toBe(3)
})

test('the silence of a chain is no answer to keep', async () => {
  const { useOf, looks, silence } = open()
  silence(true)
  await useOf(signed(1))
  silence(false)
  await useOf(signed(1))
  expect(looks()).toBe(2)
})

test('answers are kept for a thousand nonces, and then for the newest', async () => {
  const { useOf, looks } = open()
  for (let nonce = 0; nonce <= 1_000; nonce++) await useOf(signed(nonce))
  expect(looks()).toBe(1_001)
  await useOf(signed(1_000))
  expect(looks()).toBe(1_001)
  await useOf(signed(0))
  expect(looks()).toBe(1_002)
})
