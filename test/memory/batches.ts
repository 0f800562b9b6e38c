import type { Fact } from '../../gateway/ports/books.ts'
import { type Teller, USDC } from './teller.ts'

const ROWS = 3
const UNITS = 70

/** Batches of payouts without end, a step at a time: staged, created or abandoned, with rows that are refused, canceled, ended. None has a payout. */
export function* batches(t: Teller, parties: readonly string[]): Generator<Fact[], never> {
  for (;;) {
    const id = `${t.id('pb_').slice(0, -4)}0000`
    const party = t.dice.pick(parties)
    yield [t.fact('payout_batch.staged', id, { party, rows: [rowOf(t, 0), rowOf(t, 1)] })]
    yield [t.fact('payout_batch.staged', id, { party, rows: [rowOf(t, 2)] })]
    if (t.dice.percent(20)) {
      yield [t.fact('payout_batch.abandoned', id, {})]
      continue
    }
    yield [t.fact('payout_batch.created', id, createdOf(t, party, id))]
    if (t.dice.percent(60)) yield [t.fact('payout_batch.planned', id, planOf(t))]
    for (let row = 0; row < ROWS; row++) {
      const refusal = { row, code: 'no_rail', detail: 'no rail here pays it', units: String(UNITS) }
      yield t.dice.percent(40) ? [t.fact('payout_batch.row_refused', id, refusal)] : []
    }
    if (t.dice.percent(50)) yield [t.fact('payout_batch.canceled', id, { by: party })]
    if (t.dice.percent(90)) yield [t.fact('payout_batch.ended', id, { settled: 0, failed: 0, refused: 1, canceled: 2 })]
  }
}

function rowOf(t: Teller, row: number) {
  const about = { destinations: [{ kind: 'party', party: 'pa_1' }], reference: 'wages' }
  return { row, units: String(UNITS), ...about, ...(t.dice.percent(20) ? { feeMax: '5' } : {}) }
}

/** The last row has a way or none. */
function planOf(t: Teller) {
  const last = t.dice.percent(50) ? 1 : -1
  const rows = [0, 1, last]
  const rails = [{ rail: 'lightning', rows: 1, units: String(UNITS), costNano: '7', fixedNano: '0', fundsAt: 1_800_000_000_000 }]
  const sums = { costNano: '9', leastNano: '8', oneByOneNano: '12', without: last === -1 ? 1 : 0, asked: 4 }
  const ways = [
    { rail: 'lightning', destination: 0 },
    { rail: 'bank', destination: 0 },
  ]
  return { rails, ...sums, ways, rows, prefer: rows.map((row) => (row === 1 ? '5' : '0')) }
}

function createdOf(t: Teller, party: string, id: string) {
  const refused = t.dice.percent(50) ? [{ row: ROWS, code: 'invalid_amount', detail: 'The amount is zero' }] : []
  const sums = { units: String(ROWS * UNITS), feeUnits: '0', rows: ROWS + refused.length, taken: ROWS }
  return { party, asset: USDC, ...sums, refused, createdBy: party, claims: [`claim:${id}`] }
}
