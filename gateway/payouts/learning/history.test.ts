import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Blame } from './blame.ts'
import { createLearned } from './learned.ts'
import type { Way } from './way.ts'

const TRIES = 12_000
const START = 1_800_000_000_000
const HOUR_MS = 3_600_000
/** Of the tables and of each chance that was asked for, to the last bit; it changes only with what is learned, and then the form of the memory does too. */
const LEARNED = '6abe7729beb00fa6e9c446498e8464ed2da0a6ec930c7d294417afef26a1723c'

/** Uniform numbers from 0 to below 1 (the generator of Lehmer). */
function uniformOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** More parties than a cell has slots, ways with and without payees, outages, hours of silence, answers out of order and some that never come. */
function historyOf(seed: number) {
  const uniform = uniformOf(seed)
  const below = (most: number) => Math.floor(uniform() * most)
  const pick = <T>(of: readonly T[]): T => of[below(of.length)]!
  const learned = createLearned()
  const asked = createHash('sha256')
  const open: { id: string; at: number; units: number }[] = []
  let [now, well] = [START, true]

  function way(): Way {
    const rail = pick(['lightning', 'evm:1', 'evm:8453', 'bank'] as const)
    const payee = rail === 'lightning' ? `node ${below(60)}` : undefined
    return {
      rail,
      from: pick(['USDC', 'BTC']),
      to: rail === 'bank' ? 'EUR' : 'USDC',
      country: rail === 'bank' ? 'DE' : '',
      band: below(4),
      payee,
    }
  }

  function send(n: number): void {
    const owner = `party:${Math.floor(24 * uniform() * uniform())}`
    const [going, word] = [way(), 0.9 + uniform() / 10]
    const { mean, weight } = learned.chance(going, { owner, now, word })
    const units = 1_000 + below(9_000)
    asked.update(`${mean} ${weight} ${learned.keeping.pace(going, owner)} ${learned.keeping.fee(going, { owner, units })}\n`)
    const amount = uniform() < 0.8 ? { asset: 'usdc', units } : undefined
    learned.sent(`at_${n}`, { owner, at: now, way: going, chance: mean, word, seconds: uniform() < 0.8 ? 3 : undefined, amount })
    open.push({ id: `at_${n}`, at: now, units })
  }

  function end(): void {
    const [{ id, at, units }] = open.splice(below(open.length), 1) as [(typeof open)[number]]
    const paid = uniform() < (well ? 0.96 : 0.2)
    const blame: Blame = pick(['rail', 'rail', 'way', 'payee', 'nobody'])
    const endedAt = at + below(20_000)
    if (paid) learned.ended(id, { at: now, endedAt, paid, blame: 'nobody', fee: { asset: 'usdc', units: 2 + Math.floor(units / 500) } })
    else learned.ended(id, { at: now, endedAt, paid, blame })
  }

  for (let n = 0; n < TRIES; n++) {
    if (below(400) === 0) well = !well
    now += below(500) === 0 ? below(40) * HOUR_MS : below(8_000)
    send(n)
    while (open.length > 0 && uniform() < 0.55) end()
  }
  const tables = Object.entries(learned.tables).map(([name, table]) => [name, [...table]])
  return { learned: asked.update(JSON.stringify(tables)).digest('hex'), open: open.length, tables: learned.tables }
}

test('a history of tries teaches to the last bit what it taught before', () => {
  const { learned, open, tables } = historyOf(16)
  expect(open).toBeGreaterThan(0)
  expect(tables.cells.size).toBeGreaterThan(20)
  expect(tables.own.size).toBeGreaterThan(10)
  expect(learned).toBe(LEARNED)
  expect(historyOf(17).learned).not.toBe(LEARNED)
})
