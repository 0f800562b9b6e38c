import { expect, onTestFinished } from 'vitest'
import { EUR, USD } from '../../gateway/money/asset.ts'
import { money, parseAmount } from '../../gateway/money/money.ts'
import type { Books } from '../../gateway/ports/books.ts'
import type { ClosedDays, ClosedStatement, RailMovement } from '../../gateway/ports/statement.ts'
import { createBreakRecords } from '../../gateway/reconciliation/breakRecords.ts'
import type { ClosingRail, RailTolerance } from '../../gateway/reconciliation/context.ts'
import { createExpected } from '../../gateway/reconciliation/expected.ts'
import type { MovingSides } from '../../gateway/reconciliation/lookAtRails.ts'
import { createReconciliation } from '../../gateway/reconciliation/reconciliation.ts'
import { createSentPayments } from '../../gateway/reconciliation/sentPayments.ts'
import { createToldMovements } from '../../gateway/reconciliation/toldMovements.ts'
import { openSuspense } from '../../gateway/suspense/openSuspense.ts'
import { type BankWings, openBankWings } from './bankWings.ts'

const DAY_MS = 86_400_000
export const WHY = { reason: 'the bank was asked', evidence: { text: 'letter of the bank' } }

type Line = Readonly<{ id: string; units: bigint }> & Partial<Omit<RailMovement, 'id' | 'amount'>>

/** Rails that close no days, of which there is none. */
function movingNothing(books: Books, payouts: BankWings['payouts']): MovingSides {
  const told = createToldMovements({ books, clock: { now: () => 0 } })
  return { books, payouts, told, statements: [], inFlight: () => [], sent: createSentPayments(books), settledMs: 0, settleMs: 0 }
}

type Compared = Readonly<{
  moving?: MovingSides | undefined
  closing: readonly ClosingRail[]
  tolerances?: readonly RailTolerance[] | undefined
  books?: ((books: Books) => Books) | undefined
}>

/** The rooms that compare these rails with the books, over pay-ins and payouts that are open. */
export function openReconcileRooms({ ground, ledger, parties, payins, payouts }: BankWings, o: Compared) {
  const log = { warn: () => undefined, error: () => undefined }
  const onFatal = (error: unknown) => expect(error).toBeUndefined()
  const aloneMax = parseAmount('50', USD)
  const suspense = openSuspense(ground, { ...ledger, ...payins, payouts, parties: parties.parties, aloneMax, log, onFatal })
  const records = createBreakRecords(ledger.books, ground.assetOf)
  const reconciliation = createReconciliation({
    clock: ground.clock,
    ids: ground.ids,
    assetOf: ground.assetOf,
    books: o.books?.(ledger.books) ?? ledger.books,
    records,
    expected: createExpected(ledger.books),
    closing: o.closing,
    proofs: { of: () => Promise.reject(new Error('none')), keep: async () => undefined },
    moving: o.moving ?? movingNothing(ledger.books, payouts),
    tolerances: o.tolerances ?? [],
    lookAgainMs: 1,
    suspense,
    log,
    onFatal,
  })
  return { reconciliation, records, suspense, clock: ground.clock }
}

/** A bank whose statements a test writes, over pay-ins and payouts that are real. Two operators; alone each moves 50 USD. */
export async function openReconcileWorld(o: { tolerances?: readonly RailTolerance[]; books?: (books: Books) => Books } = {}) {
  const statements: ClosedStatement[] = []
  const lines = new Map<string, RailMovement[]>()
  const days: ClosedDays = {
    statements: async (from) => statements.filter(({ day }) => day >= from),
    async *movements(statement) {
      yield* lines.get(statement) ?? []
    },
    knownAs: (attempt) => ({ names: [endToEndId(attempt)], counterparty: 'A payee' }),
    dueDay: (at) => dayOf(at + DAY_MS),
  }
  const w = await openBankWings((wings) => openReconcileRooms(wings, { ...o, closing: [{ rail: 'bank', days }] }))
  const { reconciliation, records, suspense, clock } = w.above
  suspense.start()
  reconciliation.start((error) => expect(error).toBeUndefined())
  onTestFinished(async () => {
    await reconciliation.close()
    await suspense.close()
  })
  let [held, made] = [0n, 0]

  /** The bank closes a day with these lines, `afterDays` from the start. */
  function close(afterDays: number, ...of: readonly Line[]): string {
    const id = `S${++made}`
    const day = dayOf(clock.now() + afterDays * DAY_MS)
    const opening = held
    for (const { units, side = 'out' } of of) held += side === 'in' ? units : -units
    lines.set(
      id,
      of.map(({ id: line, units, ...more }) => ({
        id: line,
        amount: money(EUR, units),
        kind: 'payment',
        side: 'out',
        day,
        names: [line],
        ...more,
      })),
    )
    const sums = { opening: money(EUR, opening), closing: money(EUR, held) }
    statements.push({ id, place: 'account', day, at: clock.now(), ...sums })
    return id
  }

  /** A receipt that the ledger has booked. */
  async function received(id: string, units: bigint): Promise<Line> {
    w.stream.tell({ id, amount: money(EUR, units), reference: 'unknown', payer: 'Customer 1' })
    await expect.poll(() => w.payins.settlements.unmatched().map((item) => item.id)).toContain(`bank:received:${id}`)
    return { id, units, side: 'in' }
  }
  async function charged(id: string, units: bigint): Promise<Line> {
    const before = w.has('fee:paid:bank')
    w.stream.tell({ kind: 'spent', id, amount: money(EUR, units) })
    await expect.poll(() => w.has('fee:paid:bank')).toBe(before - units)
    return { id, units, kind: 'fee' }
  }
  /** A payout that the ledger has booked, as the bank shows it. */
  async function paidOut(id: string, units: bigint): Promise<Line> {
    const { attemptId } = await w.paid(money(EUR, units))
    return { id, units, names: [id, endToEndId(attemptId)] }
  }
  const breaks = () => records.list({ limit: 100, after: undefined }).map(({ id, kind, status }) => ({ id, kind, status }))
  const along = () => ({ claims: [], facts: [] })
  const by = (name: string) => ({ grounds: WHY, by: name, along })
  return { ...w, reconciliation, suspense, close, received, charged, paidOut, breaks, by, records }
}

function endToEndId(attempt: string): string {
  return attempt.replace('_', '')
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
