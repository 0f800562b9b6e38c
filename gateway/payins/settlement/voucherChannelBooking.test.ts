import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFakeHub } from '../../../test/vouchers/fakeHub.ts'
import { openVoucherWorld, type VoucherWorld } from '../../../test/vouchers/voucherWorld.ts'
import type { Hex } from '../../ports/ids.ts'
import { divideCumulative } from '../../split/divideCumulative.ts'
import { packRows } from '../../split/voucherRow.ts'

const SEED = 402
const RUNS = 100
const CHANNELS = 3

const channel = fc.nat({ max: CHANNELS - 1 })
const someStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('deposit' as const), channel, units: fc.bigInt(1n, 1_000n) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('voucher' as const), channel, permille: fc.bigInt(1n, 1_000n) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('claim' as const) }) },
  // A voucher that we were never shown, claimed by whoever holds it.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('outside' as const), channel, permille: fc.bigInt(1n, 1_000n) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), channel }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reorganise' as const), again: fc.boolean() }) },
)
type Step = typeof someStep extends fc.Arbitrary<infer T> ? T : never

describe('the books of voucher channels', () => {
  test('hold to the unit what the hub holds, whoever claims and withdraws what, and whatever the chain takes back', async () => {
    const seen = { steps: 0, lost: 0, outside: 0, demoted: 0 }
    await fc.assert(
      fc.asyncProperty(fc.array(someStep, { minLength: 15, maxLength: 40 }), async (steps) => {
        const w = await openVoucherWorld()
        for (const step of steps) {
          if (await play(w, step, seen)) seen.steps += 1
          await w.caughtUp()
          expectEqual(w)
        }
        await w.close()
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    )
    // All of it was met, or nothing was proved of it.
    expect([seen.steps > 500, seen.lost > 5, seen.outside > 20, seen.demoted > 20]).toEqual([true, true, true, true])
  })

  test('say what was lost when a payer withdraws before its vouchers are claimed, and take it from nobody else', async () => {
    const w = await openVoucherWorld()
    const [one, two] = [w.hub.deposit(w.terms(0, 1n), 100n), w.hub.deposit(w.terms(1, 1n), 100n)]
    await w.caughtUp()
    await w.accept({ channel: w.channel(one), cumulative: 70n, signature: await w.sign(0, one, 70n) })
    await w.accept({ channel: w.channel(two), cumulative: 30n, signature: await w.sign(1, two, 30n) })
    expect(w.held()).toMatchObject({ hub: 200n, deposits: 100n, vouched: 100n })
    w.hub.withdraw(one)
    await w.caughtUp()
    expect(w.held()).toMatchObject({ hub: 100n, deposits: 70n, vouched: 30n })
    expect(w.settlements.exceptions()).toMatchObject([{ what: expect.stringContaining('took back 70 units') }])
    await w.claim(w.channel(two).rail, w.split.splitId)
    await w.caughtUp()
    expect(w.held()).toMatchObject({ hub: 100n, deposits: 70n, vouched: 0n, shares: [15n, 9n, 6n] })
    await w.close()
  })

  test('take in what a channel brings that was opened before its split was known here', async () => {
    const hub = createFakeHub(() => 0n)
    const w = await openVoucherWorld({ hub })
    const id = hub.deposit(w.terms(0, 1n), 100n)
    await w.caughtUp()
    await w.close()
    // A gateway that starts with an empty journal is told of nothing before its table was registered.
    hub.forget()
    const late = await openVoucherWorld({ hub })
    const row = { ...late.terms(0, 1n), cumulative: 40n, signature: await late.sign(0, id, 40n) }
    await hub.chain.claimPacked('outside', { splitId: late.split.splitId, closer: row.closer, rows: packRows([row]) })
    await late.caughtUp()
    expect(late.records.withId(id)).toEqual([])
    expect(late.held()).toMatchObject({ hub: 40n, deposits: 0n, vouched: 0n, shares: [20n, 12n, 8n] })
    await late.close()
  })
})

/** False where the step has nothing to do. */
async function play(w: VoucherWorld, step: Step, seen: { lost: number; outside: number; demoted: number }): Promise<boolean> {
  const { hub, split } = w
  if (step.kind === 'claim') return (await w.claim(hub.chain.rail, split.splitId)).length > 0
  if (step.kind === 'reorganise') {
    // A deposit that vouchers stand on is not taken back in the books: another test says so.
    const last = hub.lastTold()
    if (!last || (last.kind === 'deposited' && w.held().deposits < last.amount.units)) return false
    hub.reorganise(step.again)
    seen.demoted += 1
    return true
  }
  const terms = w.terms(step.channel, BigInt(step.channel))
  const id = w.records.withId(idOf(w, step.channel))[0]?.id
  if (step.kind === 'deposit') {
    if (id && hub.state(id)?.closeAt !== 0n) return false
    hub.deposit(terms, step.units)
    return true
  }
  const state = id ? hub.state(id) : undefined
  if (id === undefined || state?.closeAt !== 0n) return false
  if (step.kind === 'withdraw') {
    if (w.channel(id).accepted > state.claimed) seen.lost += 1
    hub.withdraw(id)
    return true
  }
  const cumulative = (state.deposit * step.permille) / 1_000n
  const signature = await w.sign(step.channel, id, cumulative)
  if (step.kind === 'voucher') {
    if (cumulative <= larger(w.channel(id).accepted, state.claimed)) return false
    await w.accept({ channel: w.channel(id), cumulative, signature })
    return true
  }
  if (cumulative <= state.claimed) return false
  const row = { payer: terms.payer, salt: terms.salt, cumulative, signature }
  await hub.chain.claimPacked('outside', { splitId: split.splitId, closer: terms.closer, rows: packRows([row]) })
  seen.outside += 1
  return true
}

function idOf(w: VoucherWorld, payer: number): Hex {
  const { payer: address } = w.terms(payer, 0n)
  return [...w.records.all()].find((c) => c.payer === address)?.id ?? '0x'
}

function expectEqual(w: VoucherWorld): void {
  const { hub, deposits, vouched, shares, dust } = w.held()
  const pot = w.hub.pot(w.split.splitId)
  const { deltas, dust: left } = divideCumulative(
    0n,
    pot,
    w.split.payees.map((p) => p.shares),
  )
  expect({ hub, channels: deposits + vouched, shares, dust }).toEqual({
    hub: pot + w.hub.inChannels(),
    channels: w.hub.inChannels(),
    shares: deltas,
    dust: left,
  })
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
