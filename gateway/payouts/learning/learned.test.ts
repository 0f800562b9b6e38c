import { describe, expect, test } from 'vitest'
import type { Blame } from './blame.ts'
import { createLearned, type Learned } from './learned.ts'
import type { Way } from './way.ts'

const HOUR_MS = 3_600_000
const WAY: Way = { rail: 'lightning', from: 'USDC', to: 'BTC', country: '', band: 2, payee: 'node a' }
const WORD = 0.99
const START = 1_800_000_000_000

/** Tries a second apart, each ending half a second later. */
function taught() {
  const learned = createLearned()
  let [now, made] = [START, 0]
  const send = (owner: string, o: { way?: Way; word?: number } = {}) => {
    const { way = WAY, word = WORD } = o
    now += 1_000
    learned.sent(`at_${++made}`, { owner, at: now, way, chance: learned.chance(way, { owner, now, word }).mean, word })
    return `at_${made}`
  }
  const end = (id: string, paid: boolean, blame: Blame = 'rail') => learned.ended(id, { at: now + 500, endedAt: now + 500, paid, blame })
  return {
    learned,
    now: () => now,
    wait(ms: number) {
      now += ms
    },
    send,
    end,
    tries(owner: string, count: number, paid: boolean, o: { way?: Way; word?: number; blame?: Blame } = {}) {
      for (let n = 0; n < count; n++) end(send(owner, o), paid, o.blame)
    },
    chance: (owner: string, o: { way?: Way; word?: number } = {}) =>
      learned.chance(o.way ?? WAY, { owner, now, word: o.word ?? WORD }).mean,
  }
}

const rowsOf = ({ tables }: Learned, table: keyof Learned['tables']) => [...tables[table]].length

describe('what is learned of a way', () => {
  test('is the word of its rail while nothing has been tried', () => {
    const { learned } = taught()
    expect(learned.chance(WAY, { owner: 'party:a', now: START, word: 0.42 })).toMatchObject({ mean: 0.42, weight: 0 })
  })

  test('comes to how often it paid, whatever the rail says', () => {
    const t = taught()
    for (let n = 0; n < 100; n++) t.tries('party:a', 1, n % 10 < 7)
    expect(t.chance('party:a')).toBeGreaterThan(0.6)
    expect(t.chance('party:a')).toBeLessThan(0.8)
  })

  test('is believed of amounts that were never tried too, and less than of its own', () => {
    const t = taught()
    t.tries('party:a', 20, false)
    const [same, other] = [t.chance('party:a'), t.chance('party:a', { way: { ...WAY, band: 5 } })]
    expect(same).toBeLessThan(other)
    expect(other).toBeLessThan(0.6)
  })

  test('gives way within eight refusals when a good rail fails, and comes back within as many payments', () => {
    const t = taught()
    t.tries('party:a', 300, true)
    expect(t.chance('party:a')).toBeGreaterThan(0.98)
    t.tries('party:a', 8, false)
    expect(t.chance('party:a')).toBeLessThan(0.4)
    t.tries('party:a', 100, false)
    expect(t.chance('party:a')).toBeLessThan(0.1)
    t.tries('party:a', 16, true)
    expect(t.chance('party:a')).toBeGreaterThan(0.6)
  })

  test('says that a rail which has failed may be well again, the more the longer nobody tried it, and most of all when it pays', () => {
    const t = taught()
    t.tries('party:a', 300, true)
    t.tries('party:a', 100, false)
    const changed = () => t.learned.chance(WAY, { owner: 'party:a', now: t.now(), word: WORD }).changed
    const now = changed()
    t.wait(HOUR_MS)
    const later = changed()
    expect(later).toBeGreaterThan(10 * now)
    t.tries('party:a', 1, false)
    expect(changed()).toBeLessThan(later / 10)
    t.tries('party:a', 3, true)
    expect(changed()).toBeGreaterThan(10 * now)
  })

  test('of one party is noticed by others sooner when all of them meet it', () => {
    const t = taught()
    const parties = Array.from({ length: 8 }, (_, n) => `party:${n}`)
    for (let n = 0; n < 40; n++) for (const party of parties) t.tries(party, 1, true)
    // Nobody alone has met enough.
    for (let n = 0; n < 2; n++) for (const party of parties) t.tries(party, 1, false)
    expect(t.chance('party:0')).toBeLessThan(0.6)
    expect(t.chance('party:new')).toBeLessThan(0.6)
  })

  test('fades into the word of the rail while nothing is tried', () => {
    const t = taught()
    t.tries('party:a', 50, false)
    expect(t.chance('party:a')).toBeLessThan(0.1)
    t.wait(14 * 24 * HOUR_MS)
    expect(t.chance('party:a')).toBeGreaterThan(0.97)
  })

  test('rises and falls with what the rail says of this try, compared with what it mostly says', () => {
    const t = taught()
    for (let n = 0; n < 100; n++) t.tries('party:a', 1, n % 2 === 0, { word: 0.9 })
    expect(t.chance('party:a', { word: 0.9 })).toBeGreaterThan(0.4)
    expect(t.chance('party:a', { word: 0.9 })).toBeLessThan(0.6)
    expect(t.chance('party:a', { word: 0.05 })).toBeLessThan(0.05)
    expect(t.chance('party:a', { word: 0.99 })).toBeGreaterThan(0.85)
  })
})

describe('what one party causes', () => {
  test('decides for itself, and for others at most a third', () => {
    const t = taught()
    for (const party of ['a', 'b', 'c']) t.tries(`party:${party}`, 40, true)
    t.tries('party:stranger', 2_000, false, { blame: 'way' })
    expect(t.chance('party:stranger')).toBeLessThan(0.05)
    expect(t.chance('party:a')).toBeGreaterThan(0.65)
    expect(t.chance('party:new')).toBeGreaterThan(0.6)
  })

  test('by a payee who refuses is learned of that payee by that party alone', () => {
    const t = taught()
    t.tries('party:a', 30, false, { blame: 'payee' })
    expect(t.chance('party:a')).toBeLessThan(0.3)
    expect(t.chance('party:a', { way: { ...WAY, payee: 'node b' } })).toBeCloseTo(WORD, 5)
    expect(t.chance('party:b')).toBeCloseTo(WORD, 5)
  })

  test('with a thousand payees pushes out none that another has learned of', () => {
    const t = taught()
    t.tries('party:a', 30, false, { blame: 'payee' })
    for (let n = 0; n < 1_000; n++) t.tries('party:stranger', 1, false, { blame: 'payee', way: { ...WAY, payee: `node ${n}` } })
    expect(t.chance('party:a')).toBeLessThan(0.3)
    expect((t.learned.tables.own as Map<string, readonly unknown[]>).get('party:stranger')!.length).toBe(32)
  })

  test('and what a thousand parties cause stays in as many cells', () => {
    const t = taught()
    for (let n = 0; n < 1_200; n++) t.tries(`party:${n}`, 1, true)
    expect(rowsOf(t.learned, 'cells')).toBe(2)
    expect((t.learned.tables.cells as Map<string, readonly unknown[]>).get('lightning BTC')!.length).toBe(17)
    expect(rowsOf(t.learned, 'open')).toBe(0)
    // Who was heard of last stays, with all before whom there is room for; who was longest not heard of has left.
    const own = t.learned.tables.own as Map<string, unknown>
    expect(own.size).toBeLessThanOrEqual(1_000)
    expect(own.size).toBeGreaterThan(800)
    expect([...own.keys()]).toEqual(Array.from({ length: own.size }, (_, n) => `party:${1_200 - own.size + n}`))
  })
})

describe('a try without an outcome', () => {
  test('is no success, and tells nothing while it is young', () => {
    const t = taught()
    t.tries('party:a', 20, true)
    const before = t.chance('party:a')
    for (let n = 0; n < 20; n++) t.learned.sent(`at_open${n}`, { owner: 'party:a', at: t.now(), way: WAY, chance: 0.99, word: WORD })
    expect(t.chance('party:a')).toBe(before)
  })

  test('counts against its way when nearly all others had ended by its age, and no more once it is paid', () => {
    const t = taught()
    t.tries('party:a', 50, true)
    const open = Array.from({ length: 10 }, () => t.send('party:a'))
    t.wait(600_000)
    const waiting = t.chance('party:a')
    expect(waiting).toBeLessThan(0.9)
    for (const id of open) t.end(id, true)
    expect(t.chance('party:a')).toBeGreaterThan(0.98)
  })

  test('is forgotten when its rail never heard of it', () => {
    const t = taught()
    t.tries('party:a', 20, true)
    const before = t.chance('party:a')
    t.end(t.send('party:a'), false, 'nobody')
    expect(t.chance('party:a')).toBeCloseTo(before, 4)
    expect(rowsOf(t.learned, 'open')).toBe(0)
  })
})

test('tables that are filled from a snapshot teach the same', () => {
  const t = taught()
  t.tries('party:a', 20, true)
  t.send('party:a')
  const copy = createLearned()
  for (const name of ['cells', 'rails', 'own', 'open'] as const) {
    const rows = copy.tables[name] as Map<string, unknown>
    for (const [key, value] of t.learned.tables[name] as Map<string, unknown>) rows.set(key, structuredClone(value))
  }
  copy.derive()
  const later = { owner: 'party:a', now: t.now() + 600_000, word: WORD }
  expect(copy.chance(WAY, later)).toEqual(t.learned.chance(WAY, later))
  expect(copy.chance(WAY, later).mean).toBeLessThan(t.chance('party:a'))
})

describe('what a rail mostly says', () => {
  const [SURE, UNSURE] = [0.9999, 0.02]
  const honest = (t: ReturnType<typeof taught>) => {
    for (const owner of ['party:a', 'party:b', 'party:c', 'party:d'])
      for (let n = 0; n < 60; n++) t.tries(owner, 1, n % 20 > 0, { word: 0.95 })
  }

  test.each([
    ['that it says to be hopeless', UNSURE, false],
    ['that it says to be sure', SURE, true],
  ])('is not moved for others by one party with many tries %s', (_, word, paid) => {
    const t = taught()
    honest(t)
    const seen = () => ['party:a', 'party:new'].map((owner) => t.chance(owner, { word: 0.95 }))
    const before = seen()
    t.tries('party:evil', 150, paid, { way: { ...WAY, band: 0, payee: 'node evil' }, word, blame: 'payee' })
    for (const [i, chance] of seen().entries()) expect(Math.abs(chance - before[i]!)).toBeLessThan(0.01)
  })
})
