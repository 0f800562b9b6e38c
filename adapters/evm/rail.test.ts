import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { money } from '../../gateway/money/money.ts'
import type { AttemptId, Hex } from '../../gateway/ports/ids.ts'
import { type ChainProcess, startChain } from '../../test/evm/chainProcess.ts'
import { random32, relay, signReceive, signTransfer, transfer } from '../../test/evm/payer.ts'
import { assetOf, openRail, payout, reader, signal, temporaryFile, tokenBalance } from '../../test/evm/railOnChain.ts'
import type { EvmRail } from './railFaces.ts'

let chain: ChainProcess
let rail: EvmRail
let data: ReturnType<typeof temporaryFile>

beforeAll(async () => {
  chain = await startChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  data = temporaryFile()
  rail = await openRail(chain, data.file)
})
afterEach(async () => {
  await rail?.close()
  data?.remove()
})

async function payTo(splitId: Hex): Promise<Hex> {
  const terms = await rail.offer({
    amount: money(assetOf(chain), 2000n),
    ref: random32(),
    expiresAt: Date.now() + 60_000,
    description: 'a page',
    splitId,
  })
  if (terms.wire.kind !== 'evm') throw new Error('an EVM rail makes EVM offers')
  return terms.wire.payTo
}

describe('a collection', () => {
  test('by transfer authorization moves exactly its value to the split’s receiver, once', async () => {
    const to = await payTo(random32())
    const authorization = await signTransfer(chain, { customer: 0, to, value: 2000n })
    const [first, again] = await Promise.all([
      rail.collect('c1', authorization, { signal: signal() }),
      rail.collect('c1', authorization, { signal: signal() }),
    ])
    expect(first).toMatchObject({ kind: 'settled', evidence: { rail: 'evm:31337', id: expect.stringMatching(/^0x[0-9a-f]{64}$/) } })
    expect(again).toEqual(first)
    expect(first.kind === 'settled' && first.fee.units > 0n).toBe(true)
    expect(await tokenBalance(chain, to)).toBe(2000n)
    expect(await rail.lookupCollection('c1')).toEqual(first)
  })

  test('of an authorization that somebody else relays first is settled at no cost', async () => {
    const to = await payTo(random32())
    const authorization = await signTransfer(chain, { customer: 0, to, value: 2000n })
    const hash = await relay(chain, 1, authorization)
    const outcome = await rail.collect('c2', authorization, { signal: signal() })
    expect(outcome).toMatchObject({ kind: 'settled', evidence: { id: hash }, fee: { units: 0n } })
    expect(await tokenBalance(chain, to)).toBe(2000n)
  })

  test('of a nonce that was used to pay somebody else fails, whatever else arrives', async () => {
    const to = await payTo(random32())
    const nonce = random32()
    const elsewhere = await signTransfer(chain, { customer: 0, to: chain.customers[2]!.address, value: 2000n, nonce })
    const shown = await signTransfer(chain, { customer: 0, to, value: 2000n, nonce })
    await relay(chain, 0, elsewhere)
    await transfer(chain, 0, to, 2000n)
    expect(await rail.collect('c3', shown, { signal: signal() })).toEqual({ kind: 'failed', reason: 'already_used' })
  })

  test('with a wrong signature is refused as things are, and moves nothing', async () => {
    const to = await payTo(random32())
    const authorization = await signTransfer(chain, { customer: 0, to, value: 2000n })
    const other = await signTransfer(chain, { customer: 1, to, value: 2000n })
    const outcome = await rail.collect('c4', { ...authorization, signature: other.signature }, { signal: signal() })
    expect(outcome).toMatchObject({ kind: 'unknown', refusal: 'rejected_by_rail', detail: 'the token does not accept the signature' })
    expect(await tokenBalance(chain, to)).toBe(0n)
    expect(await reader(chain).getTransactionCount({ address: rail.operator })).toBe(
      await reader(chain).getTransactionCount({ address: rail.operator, blockTag: 'pending' }),
    )
  })

  test('that has ended or is for another token fails with its reason, and one above what the payer has is refused as things are', async () => {
    const to = await payTo(random32())
    const good = await signTransfer(chain, { customer: 0, to, value: 2000n })
    const ended = await signTransfer(chain, { customer: 0, to, value: 2000n, validForSeconds: -10 })
    const tooMuch = await signTransfer(chain, { customer: 0, to, value: 10n ** 12n })
    expect(await rail.collect('c5', ended, { signal: signal() })).toEqual({ kind: 'failed', reason: 'expired' })
    expect(await rail.collect('c6', { ...good, token: chain.hub }, { signal: signal() })).toMatchObject({
      kind: 'failed',
      reason: 'rejected_by_rail',
    })
    expect(await rail.collect('c7', tooMuch, { signal: signal() })).toMatchObject({
      kind: 'unknown',
      refusal: 'insufficient_liquidity',
    })
    expect(await rail.lookupCollection('c99')).toEqual({ kind: 'failed', reason: 'never_sent' })
  })

  test('by receive authorization credits the pot of its split, and no other', async () => {
    const [splitId, ref, otherSplit] = [random32(), random32(), random32()]
    const authorization = await signReceive(chain, { customer: 3, splitId, ref, value: 5000n })
    const redirected = await rail.collect('c8', { ...authorization, splitId: otherSplit }, { signal: signal() })
    expect(redirected).toMatchObject({ kind: 'failed', reason: 'rejected_by_rail' })
    expect(await rail.collect('c9', authorization, { signal: signal() })).toMatchObject({ kind: 'settled' })
    await expect
      .poll(() => rail.pots([splitId, otherSplit]))
      .toEqual([
        { splitId, received: 5000n, paidOut: 0n, inReceiver: 0n, inChannels: 0n },
        { splitId: otherSplit, received: 0n, paidOut: 0n, inReceiver: 0n, inChannels: 0n },
      ])
  })
})

describe('payouts', () => {
  test('30 at once are all settled, each paid once, with consecutive nonces', async () => {
    const client = reader(chain)
    const before = await client.getTransactionCount({ address: rail.operator })
    const accounts = Array.from({ length: 30 }, (_, i): Hex => `0x${(0x1000 + i).toString(16).padStart(40, 'e')}`)
    const outcomes = await Promise.all(
      accounts.map((account, i) => rail.send(payout(chain, `at_p${i}`, account, 1000n + BigInt(i)), { signal: signal() })),
    )
    expect(outcomes.map(({ kind }) => kind)).toEqual(accounts.map(() => 'settled'))
    expect(await Promise.all(accounts.map((account) => tokenBalance(chain, account)))).toEqual(accounts.map((_, i) => 1000n + BigInt(i)))
    const hashes = outcomes.flatMap((outcome) => (outcome.kind === 'settled' ? [outcome.evidence.id as Hex] : [])) // ids are hashes here.
    const nonces = await Promise.all(hashes.map(async (hash) => (await client.getTransaction({ hash })).nonce))
    expect(nonces.sort((a, b) => a - b)).toEqual(accounts.map((_, i) => before + i))
  })

  test('of one id pay once, and the id does not stand for another payment', async () => {
    const account: Hex = `0x${'ab'.repeat(20)}`
    const first = await rail.send(payout(chain, 'at_once', account, 700n), { signal: signal() })
    const again = await rail.send(payout(chain, 'at_once', account, 700n), { signal: signal() })
    const other = await rail.send(payout(chain, 'at_once', account, 701n), { signal: signal() })
    expect(again).toEqual(first)
    expect(other).toMatchObject({ kind: 'unknown', stuck: true })
    expect(await tokenBalance(chain, account)).toBe(700n)
  })

  test('above the balance, or with a fee limit below the market, fail before anything is signed', async () => {
    const account: Hex = `0x${'ac'.repeat(20)}`
    const before = await reader(chain).getTransactionCount({ address: rail.operator })
    const rich = await rail.send(payout(chain, 'at_rich', account, 10n ** 15n), { signal: signal() })
    const cheap = await rail.send(
      { ...payout(chain, 'at_cheap', account, 1n), feeMax: { ...payout(chain, 'at_x', account, 1n).feeMax, units: 1_000_000n } },
      { signal: signal() },
    )
    expect(rich).toMatchObject({ kind: 'failed', reason: 'insufficient_liquidity' })
    expect(cheap).toMatchObject({ kind: 'failed', reason: 'fee_above_limit' })
    expect(await reader(chain).getTransactionCount({ address: rail.operator })).toBe(before)
    expect(await rail.lookup('at_cheap')).toEqual(cheap)
  })

  test('are estimated with a limit that a payment fits in', async () => {
    const account: Hex = `0x${'ad'.repeat(20)}`
    const estimate = await rail.estimate({ amount: money(assetOf(chain), 900n), destination: { kind: 'evm_address', address: account } })
    if (estimate.kind !== 'possible') throw new Error(estimate.detail)
    const outcome = await rail.send({ ...payout(chain, 'at_est', account, 900n), feeMax: estimate.feeMax }, { signal: signal() })
    if (outcome.kind !== 'settled') throw new Error(outcome.kind)
    expect(outcome.fee.units).toBeLessThanOrEqual(estimate.feeMax.units)
    expect(estimate.available.units).toBeGreaterThan(0n)
  })

  test.each<[string, Hex, RegExp | undefined]>([
    ['an address in lower case is taken', '0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359', undefined],
    ['an address with its checksum is taken', '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359', undefined],
    ['a wrong checksum is refused', '0xFB6916095ca1df60bB79Ce92cE3Ea74c37c5d359', /checksum/],
    ['the zero address is refused', `0x${'00'.repeat(20)}`, /zero/],
    ['a short address is refused', '0xfb69', /40 hex digits/],
  ])('%s', (_, address, refusal) => {
    const said = rail.check({ kind: 'evm_address', address })
    if (refusal) expect(said).toMatch(refusal)
    else expect(said).toBeUndefined()
  })

  test('to the token or the hub are refused', async () => {
    expect(rail.check({ kind: 'evm_address', address: chain.token })).toMatch(/token/)
    expect(rail.check({ kind: 'evm_address', address: chain.hub })).toMatch(/hub/)
    const id: AttemptId = 'at_hub'
    expect(await rail.send(payout(chain, id, chain.hub, 1n), { signal: signal() })).toMatchObject({
      kind: 'failed',
      reason: 'invalid_destination',
    })
  })
})
