import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openVoucherWorld, type VoucherWorld } from '../../../test/vouchers/voucherWorld.ts'
import { isGatewayError } from '../../errors/gatewayError.ts'
import type { Hex } from '../../ports/ids.ts'
import { packRows } from '../../split/voucherRow.ts'

const DEPOSIT = 1_000n
const NOBODY: Hex = `0x${'00'.repeat(20)}`
const STATE_FRESH_MS = 60_000

let w: VoucherWorld
let id: Hex
beforeEach(async () => {
  w = await openVoucherWorld()
  id = w.hub.deposit(w.terms(0, 1n), DEPOSIT)
  await w.caughtUp()
})
afterEach(() => w.close())

const send = async (cumulative: bigint, o: { signer?: number; channel?: Hex } = {}) => {
  const channel = w.channel(o.channel ?? id)
  return w.accept({ channel, cumulative, signature: await w.sign(o.signer ?? 0, channel.id, cumulative) })
}
const codeOf = (work: Promise<unknown>) => work.then(() => 'accepted').catch((e: unknown) => (isGatewayError(e) ? e.code : e))

describe('a voucher', () => {
  test('moves what it adds from the deposits to the vouchers, with a fact and a receipt', async () => {
    expect(await send(100n)).toMatchObject({ added: { units: 100n }, cumulative: 100n, replayed: false })
    expect(await send(150n)).toMatchObject({ added: { units: 50n }, cumulative: 150n })
    expect(w.held()).toMatchObject({ hub: DEPOSIT, deposits: 850n, vouched: 150n, shares: [0n, 0n, 0n] })
    expect(w.channel(id)).toMatchObject({ accepted: 150n, deposit: DEPOSIT })
  })

  test('is answered as it was when it comes again, and only the last one', async () => {
    const first = await send(100n)
    expect(await send(100n)).toEqual({ ...first, added: { ...first.added, units: 0n }, replayed: true })
    await send(101n)
    expect(await codeOf(send(100n))).toBe('voucher_not_higher')
  })

  test('that adds nothing, or is beyond the deposit, or is not the payer’s, moves nothing', async () => {
    await send(100n)
    const before = w.held()
    expect(await codeOf(send(99n))).toBe('voucher_not_higher')
    expect(await codeOf(send(0n))).toBe('voucher_not_higher')
    expect(await codeOf(send(DEPOSIT + 1n))).toBe('voucher_over_deposit')
    expect(await codeOf(send(2n ** 128n - 1n))).toBe('voucher_over_deposit')
    expect(await codeOf(send(200n, { signer: 1 }))).toBe('proof_bad_signature')
    const signature = await w.sign(0, id, 201n)
    expect(await codeOf(w.accept({ channel: w.channel(id), cumulative: 200n, signature }))).toBe('proof_bad_signature')
    expect(w.held()).toEqual(before)
    expect(await codeOf(send(DEPOSIT))).toBe('accepted')
  })

  test('of another channel is worth nothing here, though payer and sum are the same', async () => {
    const other = w.hub.deposit(w.terms(0, 2n), DEPOSIT)
    await w.caughtUp()
    const signature = await w.sign(0, other, 100n)
    expect(await codeOf(w.accept({ channel: w.channel(id), cumulative: 100n, signature }))).toBe('proof_bad_signature')
  })

  test('is taken in one order, whatever comes at the same time, and the deposit is never given twice', async () => {
    const sums = Array.from({ length: 40 }, (_, i) => BigInt(((i * 7) % 40) + 1))
    const answers = await Promise.allSettled(sums.map((sum) => send(sum)))
    const added = answers.reduce((sum, a) => sum + (a.status === 'fulfilled' ? a.value.added.units : 0n), 0n)
    expect(added).toBe(40n)
    expect(w.held()).toMatchObject({ deposits: DEPOSIT - 40n, vouched: 40n })
  })

  test('is not taken of a channel that its closer could empty, unless that is the gateway or nobody', async () => {
    const mine = w.hub.deposit(w.terms(0, 3n, w.terms(0, 0n).payer), DEPOSIT)
    const nobodys = w.hub.deposit(w.terms(0, 4n, NOBODY), DEPOSIT)
    await w.caughtUp()
    expect(await codeOf(send(1n, { channel: mine }))).toBe('channel_not_accepted')
    expect(await codeOf(send(1n, { channel: nobodys }))).toBe('accepted')
  })
})

describe('the chain’s own word', () => {
  test('is asked once a minute and not for each voucher', async () => {
    await send(1n)
    const asked = w.hub.asked()
    for (let sum = 2n; sum < 20n; sum++) await send(sum)
    expect(w.hub.asked()).toBe(asked)
    w.time.ms += STATE_FRESH_MS
    await send(20n)
    expect(w.hub.asked()).toBe(asked + 1)
  })

  test('stops vouchers of a channel that is about to close', async () => {
    w.hub.requestClose(id)
    expect(await codeOf(send(1n))).toBe('channel_closing')
    expect(w.held().vouched).toBe(0n)
  })

  test('is waited for: while the chain is silent nothing is taken on an old one', async () => {
    await send(1n)
    w.hub.setSilent(true)
    expect(await codeOf(send(2n))).toBe('accepted')
    w.time.ms += STATE_FRESH_MS
    expect(await codeOf(send(3n))).toBe('rail_unavailable')
    w.hub.setSilent(false)
    expect(await codeOf(send(3n))).toBe('accepted')
  })

  test('counts a top-up at once when it is booked', async () => {
    await send(DEPOSIT)
    w.hub.deposit(w.terms(0, 1n), 10n)
    await w.caughtUp()
    expect(await codeOf(send(DEPOSIT + 10n))).toBe('accepted')
  })

  test('counts what somebody else has claimed: only what is above it is paid', async () => {
    await send(10n)
    const { hub, split } = w
    const row = { ...w.terms(0, 1n), cumulative: 300n, signature: await w.sign(0, id, 300n) }
    await hub.chain.claimPacked('outside', { splitId: split.splitId, closer: row.closer, rows: packRows([row]) })
    await w.caughtUp()
    w.time.ms += STATE_FRESH_MS
    expect(await codeOf(send(300n))).toBe('voucher_not_higher')
    expect(await send(310n)).toMatchObject({ added: { units: 10n } })
    expect(await codeOf(send(DEPOSIT))).toBe('accepted')
  })
})

test('a gateway that starts again knows every channel and its newest voucher', async () => {
  const { receipt } = await send(100n)
  await w.close()
  const again = await openVoucherWorld({ journal: w.journal, hub: w.hub })
  expect(again.channel(id)).toEqual(w.channel(id))
  const repeated = await again.accept({ channel: again.channel(id), cumulative: 100n, signature: await again.sign(0, id, 100n) })
  expect(repeated).toMatchObject({ receipt, replayed: true })
  expect(again.held()).toEqual(w.held())
  await again.close()
})
