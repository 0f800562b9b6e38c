import { expect, test } from 'vitest'
import { openReconcileWorld, WHY } from '../../test/payout/reconcileWorld.ts'
import { GatewayError } from '../errors/gatewayError.ts'
import { EUR } from '../money/asset.ts'
import { money } from '../money/money.ts'
import type { Books } from '../ports/books.ts'

test('what a statement and the ledger have in common is matched, and is read once', async () => {
  const w = await openReconcileWorld()
  const [paid, came, fee] = [await w.paidOut('P1', 4_000_000n), await w.received('R1', 7_000_000n), await w.charged('C1', 350_000n)]
  const statement = w.close(1, paid, came, fee)
  expect(await w.reconciliation.run()).toEqual([{ rail: 'bank', statement, lines: 3, matched: 3, breaks: 0 }])
  expect(await w.reconciliation.run()).toEqual([])
  expect(w.breaks()).toEqual([])
})

test('each difference is a break of its kind, and an entry ends it so that ledger and rail are the same to the unit', async () => {
  const w = await openReconcileWorld()
  const before = w.has('rail:bank:account')
  const [paid, fee, other] = [await w.paidOut('P1', 4_000_000n), await w.charged('C1', 350_000n), await w.paidOut('P2', 5_000_000n)]
  const again = { ...paid, id: 'P1b', names: ['P1b', paid.names![1]!] }
  w.close(1, paid, again, { ...other, units: 5_010_000n }, { ...fee, units: 400_000n }, { id: 'X1', units: 1_000_000n, text: 'card' })
  expect(await w.reconciliation.run()).toMatchObject([{ lines: 5, matched: 1, breaks: 4 }])
  expect(
    w
      .breaks()
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['amount', 'duplicate', 'fee_mismatch', 'unexpected'])
  for (const { id } of w.breaks()) await w.reconciliation.resolveByEntry(id, undefined, w.by('anna'))
  expect(w.breaks().map(({ status }) => status)).toEqual(['resolved', 'resolved', 'resolved', 'resolved'])
  // What went out of the account, by the bank: both payments, the second of one, the charge and the card.
  const shown = 4_000_000n + 4_000_000n + 5_010_000n + 400_000n + 1_000_000n
  expect(w.has('rail:bank:account') - before).toBe(shown)
  expect(w.has('capital:claimed_from_rails')).toBe(-(4_000_000n + 10_000n + 1_000_000n))
  expect(w.has('fee:paid:bank')).toBe(-400_000n)
})

test('money that nobody knows waits in suspense once two operators agree; taken back, the break is open again', async () => {
  const w = await openReconcileWorld()
  w.close(1, { id: 'X1', units: 3_000_000n, side: 'in' })
  await w.reconciliation.run()
  const { id } = w.breaks()[0]!
  await w.reconciliation.resolveByEntry(id, undefined, w.by('anna'))
  expect(w.reconciliation.get(id)).toMatchObject({ status: 'asked', owner: 'anna', action: { status: 'waiting' } })
  await expect(w.reconciliation.accept(id, w.by('anna'))).rejects.toMatchObject({ code: 'break_closed' })
  const along = () => ({ claims: [], facts: [] })
  await w.suspense.cancel(w.reconciliation.get(id).action!.id, { by: 'anna', along })
  await expect.poll(() => w.reconciliation.get(id).status).toBe('open')
  await w.reconciliation.resolveByEntry(id, undefined, w.by('anna'))
  await w.suspense.approve(w.reconciliation.get(id).action!.id, { by: 'bert', along })
  await expect.poll(() => w.reconciliation.get(id)).toMatchObject({ status: 'resolved', resolution: { how: 'entry', by: 'anna' } })
  expect(w.has('suspense:bank')).toBe(3_000_000n)
})

test('what is missing on its day is a break, which a later statement ends; accepted, it ends by a person’s word alone', async () => {
  const w = await openReconcileWorld()
  const [paid, other] = [await w.paidOut('P1', 4_000_000n), await w.paidOut('P2', 5_000_000n)]
  w.close(0)
  await w.reconciliation.run()
  expect(w.breaks()).toEqual([])
  w.close(1)
  await w.reconciliation.run()
  expect(w.breaks().map(({ kind }) => kind)).toEqual(['missing', 'missing'])
  w.close(2, paid)
  expect(await w.reconciliation.run()).toMatchObject([{ matched: 1, breaks: 0 }])
  const left = w.records
    .list({ limit: 9, after: undefined })
    .map(({ status, expected, resolution }) => [status, expected.units, resolution?.how])
  expect(left).toEqual(
    expect.arrayContaining([
      ['open', 5_000_000n, undefined],
      ['resolved', 4_000_000n, 'cleared'],
    ]),
  )
  const open = w.breaks().find(({ status }) => status === 'open')!
  const head = w.books.head().seq
  await w.reconciliation.accept(open.id, w.by('anna'))
  expect(w.reconciliation.get(open.id)).toMatchObject({ status: 'resolved', resolution: { how: 'accepted', reason: WHY.reason } })
  expect(w.books.head().seq).toBe(head + 1)
  expect(other.units).toBe(5_000_000n)
})

test('a line that the ledger books after the statement ends its break by itself', async () => {
  const w = await openReconcileWorld()
  w.close(1, { id: 'R1', units: 7_000_000n, side: 'in' })
  await w.reconciliation.run()
  expect(w.breaks()).toMatchObject([{ kind: 'unexpected', status: 'open' }])
  await w.received('R1', 7_000_000n)
  w.close(2)
  expect(await w.reconciliation.run()).toMatchObject([{ lines: 0, matched: 1, breaks: 0 }])
  expect(w.breaks()).toMatchObject([{ kind: 'unexpected', status: 'resolved' }])
})

test('a difference within what the operator declared is booked by itself, and beyond it is a break', async () => {
  const tolerances = [{ rail: 'bank', kind: 'fee', amount: money(EUR, 50_000n) }] as const
  const w = await openReconcileWorld({ tolerances })
  const [small, large] = [await w.charged('C1', 350_000n), await w.charged('C2', 350_000n)]
  w.close(1, { ...small, units: 400_000n }, { ...large, units: 400_001n })
  expect(await w.reconciliation.run()).toMatchObject([{ matched: 1, breaks: 1 }])
  const ended = w.records.list({ limit: 9, after: undefined }).map(({ status, resolution }) => [status, resolution?.how])
  expect(ended).toEqual(
    expect.arrayContaining([
      ['resolved', 'rule'],
      ['open', undefined],
    ]),
  )
  expect(w.has('fee:paid:bank')).toBe(-750_000n)
})

test('a run that is cut off at any write goes on where it was, and opens nothing twice', async () => {
  for (let cut = 1; cut <= 4; cut++) {
    let writes = 0
    const failing = (books: Books): Books => ({
      ...books,
      submit(submission) {
        const own = submission.facts?.some(({ type }) => type.startsWith('reconciliation.'))
        if (own && ++writes === cut) throw new GatewayError('outcome_unknown', 'the books do not answer')
        return books.submit(submission)
      },
    })
    const w = await openReconcileWorld({ books: failing })
    const paid = await w.paidOut('P1', 4_000_000n)
    w.close(1, paid, { id: 'X1', units: 1_000_000n }, { id: 'X2', units: 2_000_000n })
    expect(await w.reconciliation.run()).toEqual([])
    expect(await w.reconciliation.run()).toMatchObject([{ lines: 3 }])
    expect(w.breaks().map(({ kind }) => kind)).toEqual(['unexpected', 'unexpected'])
  }
})

test('an open break is given to an operator, and who gave it is kept; what has its end is nobody’s to give', async () => {
  const w = await openReconcileWorld()
  w.close(1, { id: 'X1', units: 1_000_000n })
  await w.reconciliation.run()
  const { id } = w.breaks()[0]!
  const along = () => ({ claims: [], facts: [] })
  await w.reconciliation.assign(id, { to: 'bert', by: 'anna', along })
  expect(w.reconciliation.get(id)).toMatchObject({ status: 'open', owner: 'bert', assigned: { by: 'anna' } })
  await w.reconciliation.assign(id, { to: 'carl', by: 'bert', along })
  expect(w.reconciliation.get(id)).toMatchObject({ owner: 'carl', assigned: { by: 'bert' } })
  await w.reconciliation.accept(id, w.by('carl'))
  await expect(w.reconciliation.assign(id, { to: 'bert', by: 'anna', along })).rejects.toMatchObject({ code: 'break_closed' })
})
