import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMatcher, type Matched } from './matcher.ts'
import type { BreakKind, Expectation, Movement, Tolerance } from './rows.ts'

const EUR = 'iso4217:EUR'
const DAY = 20_000

const expected = (id: string, units: bigint, more: Partial<Expectation> = {}): Expectation => ({
  id,
  side: 'out',
  kind: 'payment',
  asset: EUR,
  units,
  day: DAY,
  names: [`e2e-${id}`],
  ...more,
})
const shown = (id: string, units: bigint, more: Partial<Movement> = {}): Movement => ({
  id,
  side: 'out',
  kind: 'payment',
  asset: EUR,
  units,
  day: DAY,
  names: [],
  ...more,
})

function run(expectations: readonly Expectation[], movements: readonly Movement[], tolerances: readonly Tolerance[] = []): Matched {
  const matcher = createMatcher({ tolerances })
  for (const row of expectations) matcher.expect(row)
  for (const row of movements) matcher.take(row)
  return matcher.finish(DAY + 1)
}

const kinds = ({ breaks }: Matched) => breaks.map(({ kind }) => kind)

test('one is matched with one, one with several, several with one and several with several, by what both call it', () => {
  const same = { names: ['n'] }
  expect(run([expected('a', 5n, same)], [shown('1', 5n, same)]).matches).toMatchObject([{ by: 'name', difference: 0n }])
  const parts = run([expected('a', 5n, same)], [shown('1', 2n, same), shown('2', 3n, same)])
  expect(parts).toMatchObject({ matches: [{ expectations: ['a'], movements: ['1', '2'] }], breaks: [] })
  const whole = run([expected('a', 2n, same), expected('b', 3n, same)], [shown('1', 5n, same)])
  expect(whole).toMatchObject({ matches: [{ expectations: ['a', 'b'], movements: ['1'] }], breaks: [] })
  const both = run([expected('a', 2n, same), expected('b', 5n, same)], [shown('1', 3n, same), shown('2', 4n, same)])
  expect(both).toMatchObject({ matches: [{ expectations: ['a', 'b'], movements: ['1', '2'] }], breaks: [] })
})

test('the strictest name counts, then the batch, and only then amount, day and counterparty', () => {
  const rows = [expected('a', 5n, { batch: 'f1' }), expected('b', 7n, { batch: 'f1' }), expected('c', 9n, { counterparty: 'Müller Bau' })]
  const movements = [shown('1', 12n, { batch: 'f1' }), shown('2', 9n, { day: DAY + 3, counterparty: 'MULLER BAU GMBH' })]
  expect(run(rows, movements)).toMatchObject({
    matches: [
      { by: 'batch', expectations: ['a', 'b'], movements: ['1'] },
      { by: 'score', expectations: ['c'], movements: ['2'], score: 72 },
    ],
    breaks: [],
  })
})

test('of two that are as likely none is guessed, unless they are one as good as the other', () => {
  const two = (counterparty?: string) => [expected('a', 5n, { counterparty }), expected('b', 5n, { counterparty })]
  expect(kinds(run(two(), [shown('1', 5n)]))).toEqual(['unexpected'])
  expect(run(two('Ann'), [shown('1', 5n, { counterparty: 'Ann' })])).toMatchObject({ matches: [{ by: 'score' }], breaks: [] })
})

test('a difference counts as none only where it is declared, and only for its asset and kind', () => {
  const within = [{ asset: EUR, kind: 'payment', units: 2n }] as const
  const [row, less] = [expected('a', 10n), shown('1', 8n, { names: ['e2e-a'] })]
  expect(run([row], [less], within)).toMatchObject({ matches: [{ difference: -2n }], breaks: [] })
  expect(run([row], [{ ...less, units: 7n }], within).breaks).toMatchObject([{ kind: 'amount', expected: 10n, moved: 7n }])
  expect(kinds(run([{ ...row, kind: 'fee' }], [{ ...less, kind: 'fee' }], within))).toEqual(['fee_mismatch'])
  expect(kinds(run([row], [{ ...less, asset: 'iso4217:USD', units: 10n }], within))).toEqual(['currency'])
})

test('what is not due is waited for, and what is due is missing', () => {
  const rows = [expected('a', 1n, { dueDay: DAY + 1 }), expected('b', 1n, { dueDay: DAY + 2 }), expected('c', 1n)]
  expect(run(rows, []).breaks).toMatchObject([{ kind: 'missing', expectations: ['a'], expected: 1n, moved: 0n }])
})

test('money of the other direction never matches, though the name is the same', () => {
  const back = shown('1', 5n, { names: ['e2e-a'], side: 'in' })
  expect(kinds(run([expected('a', 5n, { dueDay: DAY })], [back]))).toEqual(['unexpected', 'missing'])
})

type Fault = 'none' | BreakKind
const FAULTS: readonly Fault[] = ['none', 'amount', 'currency', 'duplicate', 'unexpected', 'missing', 'split_mismatch', 'fee_mismatch']

/** One order with its fee, as it should be or with one thing wrong: what the ledger and the rail have of it. */
function scene(i: number, fault: Fault): Readonly<{ rows: Expectation[]; movements: Movement[] }> {
  const units = BigInt(10_000 + 3 * i)
  const [order, fee] = [expected(`o${i}`, units, { dueDay: DAY + 1 }), expected(`f${i}`, 35n, { kind: 'fee', dueDay: DAY + 1 })]
  const paid = shown(`m${i}`, units, { names: [`ref-${i}`, `e2e-o${i}`] })
  const charged = shown(`c${i}`, 35n, { kind: 'fee', names: [`e2e-f${i}`] })
  const good = { rows: [order, fee], movements: [paid, charged] }
  switch (fault) {
    case 'none':
      return good
    case 'amount':
      return { rows: good.rows, movements: [{ ...paid, units: units - 1n }, charged] }
    case 'currency':
      return { rows: good.rows, movements: [{ ...paid, asset: 'iso4217:USD' }, charged] }
    case 'duplicate':
      return { rows: good.rows, movements: [paid, charged, { ...paid, id: `again${i}` }] }
    case 'unexpected':
      return { rows: good.rows, movements: [paid, charged, shown(`x${i}`, units + 1n, { names: [`nobody-${i}`] })] }
    case 'missing':
      return { rows: good.rows, movements: [charged] }
    case 'split_mismatch': {
      const parts = ['a', 'b', 'c'].map((part) => expected(`o${i}${part}`, units, { names: [`whole-${i}`] }))
      return { rows: [...parts, fee], movements: [shown(`m${i}`, 3n * units + 1n, { names: [`whole-${i}`] }), charged] }
    }
    case 'fee_mismatch':
      return { rows: good.rows, movements: [paid, { ...charged, units: 36n }] }
  }
}

/** Which of the scenes an id of either side is of. */
const sceneOf = (id: string) => Number(/\d+/.exec(id)?.[0])

test('each planted fault is found once under its name, nothing else is, and each unit is in one match or one break, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...FAULTS), { minLength: 1, maxLength: 60 }), fc.nat(), (faults, seed) => {
      const scenes = faults.map((fault, i) => scene(i, fault))
      const rows = shuffled(
        scenes.flatMap((one) => one.rows),
        seed,
      )
      const movements = shuffled(
        scenes.flatMap((one) => one.movements),
        seed,
      )
      const { matches, breaks } = run(rows, movements)
      const found = breaks.map((one) => `${sceneOf([...one.expectations, ...one.movements][0]!)} ${one.kind}`).sort()
      expect(found).toEqual(faults.flatMap((fault, i) => (fault === 'none' ? [] : [`${i} ${fault}`])).sort())
      const ended = [...matches, ...breaks]
      expect(ended.flatMap((one) => one.movements).sort()).toEqual(movements.map(({ id }) => id).sort())
      const looked = ended.flatMap((one) => one.expectations)
      expect(new Set(looked).size).toBe(looked.length)
      // To the unit: what the rail shows less what is expected is what the breaks say.
      const said = breaks.reduce((total, one) => total + one.moved - one.expected, 0n)
      expect(sum(movements) - sum(rows)).toBe(said)
    }),
  )
})

function sum(rows: readonly Readonly<{ units: bigint }>[]): bigint {
  return rows.reduce((total, { units }) => total + units, 0n)
}

/** The same rows in another order, which the seed alone says: Lehmer's generator. */
function shuffled<T>(rows: readonly T[], seed: number): T[] {
  let at = (seed % 2_147_483_646) + 1
  const next = () => {
    at = (at * 48_271) % 2_147_483_647
    return at
  }
  return rows
    .map((row) => ({ row, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row)
}

test('many of one name or one amount cost no more than others', () => {
  const many = 20_000
  const rows = Array.from({ length: many }, (_, i) => expected(`o${i}`, 7n, { names: ['same'], counterparty: `payee ${i % 500}` }))
  const named = rows.map((_, i) => shown(`m${i}`, 7n, { names: ['same'] }))
  const first = run(rows, named)
  expect(first.breaks).toEqual([])
  const bare = rows.map((_, i) => shown(`m${i}`, 7n, { counterparty: `Payee ${i % 500}` }))
  const second = run(rows, bare)
  expect(second.matches.length).toBe(many)
  expect(second.breaks).toEqual([])
})
