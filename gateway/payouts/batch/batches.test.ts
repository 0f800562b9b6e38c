import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openBankWings, START_MS } from '../../../test/payout/bankWings.ts'
import { to } from '../../../test/payout/payoutWorld.ts'
import { NANO_USD } from '../../costs/nanoUsd.ts'
import { EUR } from '../../money/asset.ts'
import { money, parseAmount } from '../../money/money.ts'
import type { Destination } from '../../ports/sender.ts'
import { payoutOfRow, waitingOf } from './batch.ts'
import type { RowWish } from './judgeRows.ts'
import { nextEffect } from './nextEffect.ts'
import type { BatchView } from './view.ts'

const UNITS = 1_000_000n
const WAIT = { timeoutMs: 20_000 }
const at = (ms: number) => new Date(ms).toISOString()
const iban = (n: number): Destination => ({ ...to.iban, name: `Payee ${n}` })

/** A party with 50 EUR and batches. */
async function openWorld() {
  const w = await openBankWings(({ batches }) => ({ batches }))
  const { batches } = w.above
  const rowOf = (row: number, o: Partial<RowWish> = {}): RowWish => {
    const about = { destinations: [iban(row)], reference: '', feeMax: 0n }
    return { row, amount: money(EUR, UNITS), ...about, ...o }
  }
  async function judged(rows: readonly RowWish[], id = batches.newId()) {
    return { id, judged: await batches.judge({ id, party: w.source, createdBy: 'test', count: rows.length, rowAt: (i) => rows[i]! }) }
  }
  async function create(rows: readonly RowWish[], key = 'idem:1', more: Readonly<{ deliverBy?: number }> = {}) {
    const made = await judged(rows)
    const along = () => ({ claims: [{ key, fingerprint: 'f' }], facts: [] })
    await batches.create({ ...made, party: w.party.id, source: w.source, asset: EUR, createdBy: 'test', ...more, along })
    return made.id
  }
  const free = () => {
    const { creditsPosted, debitsPosted, debitsPending } = w.books.balance(w.source, EUR)
    return creditsPosted - debitsPosted - debitsPending
  }
  return { ...w, batches, rowOf, judged, create, free }
}

describe('a batch', () => {
  test('judges each row by itself, and says of each bad one why', async () => {
    const w = await openWorld()
    const bad = [
      w.rowOf(0),
      w.rowOf(1, { amount: money(EUR, 0n) }),
      w.rowOf(2, { destinations: [to.evm] }),
      w.rowOf(3, { destinations: [{ kind: 'party', party: w.party.id }] }),
      w.rowOf(4, { amount: money(EUR, 200_000n * UNITS) }),
      w.rowOf(5, { reference: 'x'.repeat(141) }),
    ]
    const { judged } = await w.judged(bad)
    expect(judged.good.map(({ row }) => row)).toEqual([0])
    expect(judged.refused.map(({ row, code }) => [row, code])).toEqual([
      [1, 'invalid_amount'],
      [2, 'no_rail'],
      [3, 'invalid_request'],
      [4, 'too_many_open'],
      [5, 'invalid_request'],
    ])
    expect([judged.units, w.free()]).toEqual([UNITS, 50n * UNITS])
  })

  test('whose rows are all paid has taken exactly their sum, each from one payout that its party sees', async () => {
    const w = await openWorld()
    const id = await w.create([0, 1, 2].map((row) => w.rowOf(row, { reference: `row ${row}`, metadata: { row: String(row) } })))
    expect(await w.batches.wait(id, WAIT)).toMatchObject({ status: 'settled', amount: { amount: '3' }, counts: { settled: 3, waiting: 0 } })
    expect([w.bank.paid.length, w.free(), w.has(`batch:${id}`)]).toEqual([3, 47n * UNITS, 0n])
    const payout = w.payouts.get(payoutOfRow(id, 1))
    expect(payout).toMatchObject({ status: 'settled', source: `batch:${id}`, reference: 'row 1', metadata: { row: '1' } })
    expect(w.batches.partyOf(payout.source)).toBe(w.party.id)
    expect(w.batches.partyOf(w.source)).toBeUndefined()
  })

  test('is planned before its first row is paid: what a preview says is what its rows then do, and their decisions name it', async () => {
    const w = await openWorld()
    const rows = [0, 1, 2].map((row) => w.rowOf(row))
    const { plan: preview } = await w.batches.preview({ source: w.source, asset: EUR, judged: (await w.judged(rows)).judged })
    const planned = { rails: [{ rail: 'bank', rows: 3, amount: { amount: '3' } }], rowsWithoutWay: 0, termsAsked: 1 }
    expect(preview).toMatchObject(planned)
    expect([preview.costUsd, w.free()]).toEqual([preview.leastCostUsd, 50n * UNITS])
    const id = await w.create(rows)
    await w.batches.wait(id, WAIT)
    expect(w.batches.get(id).plan).toMatchObject(planned)
    const { decisionId } = w.payouts.get(payoutOfRow(id, 2))
    expect(w.payouts.decision(decisionId!).planned).toMatchObject({ rail: 'bank', destination: 0 })
  })

  test('says what its plan costs by rail and what is reckoned for rows without a way, and no more', async () => {
    const w = await openWorld()
    w.bank.terms = { available: money(EUR, UNITS + UNITS / 2n) }
    const rows = [0, 1, 2].map((row) => w.rowOf(row))
    const { plan } = await w.batches.preview({ source: w.source, asset: EUR, judged: (await w.judged(rows)).judged })
    const nano = (usd: string) => parseAmount(usd, NANO_USD).units
    const byRail = plan.rails.map(({ costUsd, fixedCostUsd }) => nano(costUsd) + nano(fixedCostUsd)).reduce((a, b) => a + b)
    expect([plan.rails.map(({ rows: count }) => count), plan.rowsWithoutWay]).toEqual([[1], 2])
    // 20 USD and a twentieth of 1.10 USD for each.
    expect([plan.unpaidCostUsd, nano(plan.costUsd)]).toEqual(['40.11', byRail + nano(plan.unpaidCostUsd)])
  })

  test('says of each row which way it would go and what else could pay it, and afterwards which it went and what that came to', async () => {
    const w = await openWorld()
    const rows = [w.rowOf(0), w.rowOf(1, { amount: money(EUR, 0n) }), w.rowOf(2)]
    const { plannedRows, unplannedRows } = await w.batches.preview({
      source: w.source,
      asset: EUR,
      judged: (await w.judged(rows)).judged,
    })
    const bank = { rail: 'bank', destination: 0 }
    const way = { ...bank, costUsd: expect.stringMatching(/^0\.\d+$/) }
    expect(plannedRows).toEqual([0, 2].map((row) => ({ row, ...bank, ways: [way], shut: [] })))
    expect(unplannedRows).toEqual([])
    const id = await w.create(rows)
    await w.batches.wait(id, WAIT)
    const [first, bad] = w.batches.rows(id, { after: -1, limit: 2 })
    const { decisionId } = w.payouts.get(payoutOfRow(id, 0))
    const { realised } = w.payouts.decision(decisionId!)
    expect(realised).toBeDefined()
    expect(first).toMatchObject({
      rail: 'bank',
      plannedRail: 'bank',
      decisionId,
      costUsd: realised?.costUsd,
      expectedUsd: realised?.expectedUsd,
    })
    expect(bad).toEqual({ row: 1, status: 'refused', code: 'invalid_amount', detail: '0 EUR cannot be paid out' })
  })

  test('names in its preview the rows that no way would pay, and what shuts each', async () => {
    const w = await openWorld()
    const asked = async (rows: readonly RowWish[]) =>
      w.batches.preview({ source: w.source, asset: EUR, judged: (await w.judged(rows)).judged })
    const terms = { allow: [], prefer: [], preferByNano: 0n, waitPercent: 100, feeMaxNano: undefined, attemptsMax: undefined }
    await w.payouts.policies.set(w.party.id, { ...terms, forbid: ['bank'] }, { by: 'test', along: () => ({ claims: [], facts: [] }) })
    const { plan, plannedRows, unplannedRows } = await asked([w.rowOf(0), w.rowOf(1)])
    const detail = "version 1 of the party's routing policy: forbid has bank"
    expect(plan.rowsWithoutWay).toBe(2)
    expect(plannedRows).toEqual([0, 1].map((row) => ({ row, ways: [], shut: [{ rail: 'bank', destination: 0, detail }] })))
    expect(unplannedRows).toEqual([0, 1].map((row) => ({ row, detail: `bank: ${detail}` })))
  })

  test('goes as its party wants its payouts to go, and the dry run of a policy counts it', async () => {
    const w = await openWorld()
    const terms = { allow: [], prefer: [], preferByNano: 0n, waitPercent: 100, feeMaxNano: undefined, attemptsMax: undefined }
    const forbidden = { ...terms, forbid: ['bank' as const] }
    expect((await w.batches.wait(await w.create([w.rowOf(0)]), WAIT)).status).toBe('settled')
    expect(w.payouts.dryRun(w.source, { ...forbidden, version: 0 })).toMatchObject({ judged: 1, excluded: 1 })
    await w.payouts.policies.set(w.party.id, forbidden, { by: 'test', along: () => ({ claims: [], facts: [] }) })
    const id = await w.create([w.rowOf(0)], 'idem:2')
    expect((await w.batches.wait(id, WAIT)).status).toBe('failed')
    expect(w.payouts.get(payoutOfRow(id, 0)).failure?.reasons).toEqual([expect.objectContaining({ reason: 'excluded_by_policy' })])
    expect([w.bank.paid.length, w.free()]).toEqual([1, 49n * UNITS])
  })

  test('with a deadline says which rows no rail pays in time, pays no row late, and a row may have a time of its own', async () => {
    const w = await openWorld()
    w.bank.terms = { secondsToFunds: 3_600n }
    const [soon, later] = [START_MS + 60_000, START_MS + 7_200_000]
    const rows = [w.rowOf(0), w.rowOf(1, { deliverBy: later })]
    const { judged } = await w.judged(rows)
    const late = await w.batches.refuseLate({ source: w.source, asset: EUR, judged, deliverBy: soon })
    expect(late.refused).toEqual([
      { row: 0, code: 'deadline_unreachable', detail: `The payee would have good funds at ${at(START_MS + 3_600_000)} at the earliest` },
    ])
    expect([late.good.map(({ row }) => row), late.units, late.earliest]).toEqual([[1], UNITS, START_MS + 3_600_000])
    expect(await w.batches.refuseLate({ source: w.source, asset: EUR, judged, deliverBy: later })).toEqual(judged)
    const { plan, unplannedRows } = await w.batches.preview({ source: w.source, asset: EUR, judged, deliverBy: soon })
    expect([plan.rails.map(({ rows: count }) => count), plan.rowsWithoutWay]).toEqual([[1], 1])
    expect(unplannedRows).toEqual([{ row: 0, detail: expect.stringMatching(/^bank: its payee would have good funds at .*, after /) }])
    // What has become too late since it was taken is not paid either.
    const id = await w.create(rows, 'idem:late', { deliverBy: soon })
    expect(await w.batches.wait(id, WAIT)).toMatchObject({
      status: 'partly_settled',
      deliverBy: at(soon),
      counts: { settled: 1, failed: 1 },
    })
    const [first, second] = [0, 1].map((row) => w.payouts.get(payoutOfRow(id, row)))
    expect([first?.failure?.reasons[0]?.reason, first?.deliverBy, second?.deliverBy]).toEqual(['too_late', at(soon), at(later)])
    expect([w.bank.paid.length, w.free(), w.has(`batch:${id}`)]).toEqual([1, 49n * UNITS, 0n])
  })

  test('that the balance cannot pay as a whole leaves no trace, though each row alone would do', async () => {
    const w = await openWorld()
    const head = w.books.head().seq
    const rows = Array.from({ length: 51 }, (_, row) => w.rowOf(row))
    await expect(w.create(rows)).rejects.toMatchObject({ code: 'insufficient_balance' })
    expect([w.books.head().seq, w.free(), w.bank.paid]).toEqual([head, 50n * UNITS, []])
  })

  test('of which two are asked for at once, and the balance has one, is made once', async () => {
    const w = await openWorld()
    const rows = Array.from({ length: 30 }, (_, row) => w.rowOf(row))
    const ends = await Promise.allSettled([w.create(rows, 'idem:1'), w.create(rows, 'idem:2')])
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const made = ends.find((end) => end.status === 'fulfilled')!
    expect(await w.batches.wait(made.value, WAIT)).toMatchObject({ status: 'settled' })
    expect([w.bank.paid.length, w.free()]).toEqual([30, 20n * UNITS])
  })

  test('counts as one payout under way, so that it may have more rows than a party may have payouts', async () => {
    const w = await openWorld()
    w.bank.estimates = 'hang'
    const id = await w.create(Array.from({ length: 600 }, (_, row) => w.rowOf(row, { amount: money(EUR, 10_000n) })))
    await expect.poll(() => w.batches.get(id).counts, { timeout: 20_000 }).toMatchObject({ processing: 600, waiting: 0 })
    // The party goes on besides.
    const order = { source: w.source, amount: money(EUR, 10_000n), destinations: [iban(601)], reference: '', createdBy: 'test' }
    expect(await w.payouts.create(order)).toMatchObject({ status: 'processing' })
  })

  test('gives back what its failed rows did not take while others are still under way', async () => {
    const w = await openWorld()
    w.bank.manner = 'refuse'
    const id = await w.create([w.rowOf(0), w.rowOf(1)])
    expect(await w.batches.wait(id, WAIT)).toMatchObject({ status: 'failed', counts: { failed: 2 } })
    expect([w.free(), w.has(`batch:${id}`)]).toEqual([50n * UNITS, 0n])
    const { amount, attempts, decisionId } = w.payouts.get(payoutOfRow(id, 0))
    const about = { amount, payout: payoutOfRow(id, 0), plannedRail: 'bank', sentAt: attempts[0]!.sentAt, decisionId }
    const failed = { row: 0, status: 'failed', ...about, code: 'attempts_failed' }
    expect(w.batches.rows(id, { after: -1, limit: 1 })).toEqual([failed])
  })

  test('counts what comes back after it was paid as returned and not as settled, and its party has the money again', async () => {
    const w = await openWorld()
    const id = await w.create([w.rowOf(0), w.rowOf(1)])
    expect((await w.batches.wait(id, WAIT)).counts).toMatchObject({ settled: 2, returned: 0 })
    const [attempt] = w.payouts.get(payoutOfRow(id, 1)).attempts
    w.stream.tell({ id: 'B1', amount: money(EUR, UNITS), attemptId: attempt!.id, reason: 'AC04' })
    await expect.poll(w.free, { timeout: 20_000 }).toBe(49n * UNITS)
    expect(w.batches.get(id)).toMatchObject({ status: 'settled', counts: { settled: 1, returned: 1, failed: 0 } })
    expect(w.batches.rows(id, { after: 0, limit: 1 })).toMatchObject([{ row: 1, status: 'returned' }])
  })

  test('that is canceled makes no more payouts, and its party has the rest', async () => {
    const w = await openWorld()
    const big = Array.from({ length: 200 }, (_, row) => w.rowOf(row, { amount: money(EUR, 100_000n) }))
    w.bank.estimates = 'hang'
    const id = await w.create(big)
    await w.batches.cancel(id, { by: 'test', along: () => ({ claims: [{ key: 'idem:cancel', fingerprint: 'f' }], facts: [] }) })
    const { counts } = w.batches.get(id)
    expect(counts.waiting).toBe(0)
    expect(counts.canceled).toBeGreaterThan(0)
    await expect.poll(w.free, { timeout: 20_000 }).toBe(50n * UNITS - BigInt(counts.processing) * 100_000n)
    expect(w.batches.rows(id, { after: 198, limit: 9 })).toEqual([{ row: 199, status: 'canceled' }])
  })

  test('that is canceled in the middle pays no row that it was said to have canceled', async () => {
    const w = await openWorld()
    const rows = Array.from({ length: 500 }, (_, row) => w.rowOf(row, { amount: money(EUR, 10_000n) }))
    const id = await w.create(rows)
    while (w.batches.get(id).counts.waiting === rows.length) await turn()
    const told: BatchView[] = []
    const along = (view: BatchView) => {
      told.push(view)
      return { claims: [], facts: [] }
    }
    await w.batches.cancel(id, { by: 'test', along })
    const { canceled } = told[0]!.counts
    expect(canceled).toBeGreaterThan(0)
    await expect.poll(w.free, { timeout: 20_000 }).toBe(50n * UNITS - BigInt(rows.length - canceled) * 10_000n)
    expect(w.batches.get(id).counts.canceled).toBe(canceled)
  })

  test('of a party that has four without an end is refused, and another party is not kept out by its rows', async () => {
    const w = await openWorld()
    w.bank.estimates = 'hang'
    for (let n = 0; n < 4; n++) await w.create([w.rowOf(n)], `idem:${n}`)
    await expect(w.create([w.rowOf(5)], 'idem:5')).rejects.toMatchObject({ code: 'too_many_open' })
    expect(w.free()).toBe(46n * UNITS)
  })
})

test('what is next of a batch follows from what stands', () => {
  const open = { status: 'open', taken: 3, rows: 4, refused: 1, made: 1, settled: 0, failed: 0, canceled: false, unmade: 20n } as const
  const next = (o: object, free: bigint) => nextEffect({ ...open, ...o } as unknown as Parameters<typeof nextEffect>[0], free).kind // Only what is asked.
  expect(waitingOf(open)).toBe(2)
  expect(next({ status: 'staged' }, 0n)).toBe('abandon')
  expect(next({ made: 0, taken: 2 }, 20n)).toBe('plan')
  expect(next({ made: 0, taken: 2, plan: {} }, 20n)).toBe('feed')
  expect(next({}, 20n)).toBe('feed')
  expect(next({}, 30n)).toBe('giveBack')
  expect(next({ made: 3, unmade: 0n }, 0n)).toBe('wait')
  expect(next({ made: 3, settled: 2, failed: 1, unmade: 0n }, 10n)).toBe('giveBack')
  expect(next({ made: 3, settled: 2, failed: 1, unmade: 0n }, 0n)).toBe('end')
  expect(next({ canceled: true, unmade: 0n }, 0n)).toBe('wait')
  expect(next({ canceled: true, unmade: 0n, settled: 1 }, 0n)).toBe('end')
  expect(next({ status: 'ended' }, 0n)).toBe('none')
})
