import { expect, test } from 'vitest'
import type { Call } from './breaker.ts'
import { createHealth, type NoTurn, type Turn } from './health.ts'
import { healthPolicy } from './policy.ts'

const USD = 1_000_000_000n
const { silencesMax, restMinMs, restMaxMs, trialAnyMs } = healthPolicy

function world(more: Partial<typeof healthPolicy> = {}) {
  let now = 1_800_000_000_000
  const said: string[] = []
  const log = { info: (_: object, text: string) => void said.push(text), warn: (_: object, text: string) => void said.push(text) }
  const health = createHealth({ clock: { now: () => now }, policy: { ...healthPolicy, ...more }, log })
  const ask = (call: Call, o: { owner?: string; usd?: bigint; tells?: boolean; rail?: string; host?: string } = {}): Turn | NoTurn =>
    health.turn(o.rail ?? 'evm:1', {
      call,
      owner: o.owner ?? 'party:a',
      worthNano: (o.usd ?? 1n) * USD,
      tells: o.tells ?? true,
      ...(o.host ? { host: o.host } : {}),
    })
  const taken = (call: Call, o: Parameters<typeof ask>[1] = {}): Turn => {
    const turn = ask(call, o)
    if ('reason' in turn) throw new Error(turn.detail)
    return turn
  }
  function make(call: Call, word: 'heard' | 'silent', o: Parameters<typeof ask>[1] = {}): void {
    const turn = taken(call, o)
    turn[word]()
    turn.over()
  }
  return {
    ask,
    taken,
    make,
    said,
    health,
    pass(ms: number) {
      now += ms
    },
    /** As many silences as make a rail rest, of two parties. */
    hush: (call: Call) => {
      for (let i = 0; i < silencesMax; i++) make(call, 'silent', { owner: i % 2 === 0 ? 'party:a' : 'party:b' })
    },
    of: (rail = 'evm:1') => health.report().find((row) => row.rail === rail),
  }
}

test('a rail that is silent so often in a row rests for all, and no other rail does', () => {
  const w = world()
  w.hush('terms')
  expect(w.ask('terms', { owner: 'party:c' })).toMatchObject({ reason: 'rail_resting' })
  expect(w.ask('send', { owner: 'party:c' })).toMatchObject({
    detail: 'evm:1 gave no answer 5 times in a row; it is tried again from 2027-01-15T08:00:05.000Z',
  })
  expect(w.ask('terms', { rail: 'evm:8453' })).toHaveProperty('heard')
  expect(w.of()).toMatchObject({ state: 'resting', silences: 5, callsUnderWay: 0 })
  expect(w.said).toEqual(['a rail gives no answers and rests'])
})

test('an answer between begins the count again, and answers about terms say nothing of payments that are not answered', () => {
  const w = world()
  for (let i = 1; i < silencesMax; i++) w.make('send', 'silent')
  w.make('send', 'heard')
  for (let i = 1; i < silencesMax; i++) w.make('send', 'silent', { owner: `party:${i}` })
  w.make('terms', 'heard')
  expect(w.of()).toMatchObject({ state: 'well' })
  w.make('send', 'silent')
  expect(w.of()).toMatchObject({ state: 'resting' })
})

test('what one party alone was not answered shuts the rail for that party, until another is not answered either', () => {
  const w = world()
  for (let i = 0; i < silencesMax; i++) w.make('send', 'silent')
  expect(w.ask('send')).toMatchObject({ reason: 'rail_resting' })
  expect(w.of()).toMatchObject({ ofOneParty: true })
  w.make('send', 'silent', { owner: 'party:b' })
  expect(w.ask('send', { owner: 'party:c' })).toMatchObject({ reason: 'rail_resting' })
})

test("the silence of payees' own servers tells nothing", () => {
  const w = world()
  for (let i = 0; i < 2 * silencesMax; i++) w.make('terms', 'silent', { tells: false, owner: `party:${i}` })
  expect(w.of()).toMatchObject({ state: 'well', silences: 0 })
})

test('after its rest terms are asked first, then one small payment at a time; one that is answered ends it', () => {
  const w = world()
  w.hush('terms')
  w.pass(restMinMs)
  const terms = w.taken('terms', { usd: 1_000n })
  expect(w.ask('terms')).toMatchObject({ detail: expect.stringContaining('another payment tries it just now') })
  terms.heard()
  terms.over()
  expect(w.health.onTrial('evm:1', 'party:a')).toBe(true)
  expect(w.ask('send', { usd: 26n })).toMatchObject({ detail: expect.stringContaining('payments of up to 25 USD try it first') })
  const trial = w.taken('send', { usd: 25n })
  expect(w.ask('send', { usd: 1n, owner: 'party:b' })).toMatchObject({ reason: 'rail_resting' })
  expect(w.taken('terms')).toBeDefined()
  trial.heard()
  expect(w.health.onTrial('evm:1', 'party:a')).toBe(false)
  expect(w.ask('send', { usd: 1_000_000n })).toHaveProperty('heard')
  expect(w.said.at(-1)).toBe('a rail answers again')
})

test('a trial that is not answered doubles the rest, up to the most', () => {
  const w = world()
  w.hush('send')
  for (let lasts = restMinMs; lasts < 4 * restMaxMs; lasts *= 2) {
    const rest = lasts < restMaxMs ? lasts : restMaxMs
    w.pass(rest - 1)
    expect(w.ask('send')).toMatchObject({ reason: 'rail_resting' })
    w.pass(1)
    w.make('send', 'silent')
  }
  expect(w.of()).toMatchObject({ state: 'resting' })
})

test('where no small payment comes for long, a large one is the trial; one that was never made is none', () => {
  const w = world()
  w.hush('send')
  w.pass(restMinMs + trialAnyMs - 1)
  expect(w.ask('send', { usd: 1_000n })).toMatchObject({ reason: 'rail_resting' })
  w.pass(1)
  w.taken('send', { usd: 1_000n }).over()
  expect(w.of()).toMatchObject({ state: 'on_trial' })
  w.make('send', 'heard', { usd: 1_000n })
  expect(w.of()).toMatchObject({ state: 'well' })
})

test('so many calls are under way at once, and of one party as many as are free besides', () => {
  const w = world({ callsMax: 6 })
  const turns = [1, 2, 3].map(() => w.taken('send'))
  expect(w.ask('send')).toMatchObject({ reason: 'rail_busy', detail: '3 calls to evm:1 are under way; it is tried again' })
  for (const owner of ['party:b', 'party:b', 'party:c']) expect(w.ask('send', { owner }), owner).toBeDefined()
  expect(w.ask('send', { owner: 'party:d' })).toMatchObject({ reason: 'rail_busy' })
  expect(w.ask('send', { rail: 'bank' })).toHaveProperty('heard')
  // Silence is no end: it may still be under way.
  turns[0]!.silent()
  expect(w.of()?.callsUnderWay).toBe(6)
  for (const turn of turns) turn.over()
  turns[0]!.over()
  expect(w.of()?.callsUnderWay).toBe(3)
})

test("few payees' servers that keep their calls take no places of others', whatever parties pay to them", () => {
  const w = world({ callsMax: 40, callsToHostMax: 6 })
  const call = (host: string, owner: string) => w.ask('terms', { rail: 'lightning', host, owner, tells: false })
  for (const host of ['a.test', 'b.test', 'c.test', 'd.test', 'e.test']) for (let i = 0; i < 20; i++) call(host, `party:${host}${i}`)
  expect(w.of('lightning')?.callsUnderWay).toBe(30)
  expect(call('a.test', 'party:new')).toMatchObject({ reason: 'rail_busy', detail: '6 calls to a.test are under way; it is tried again' })
  expect(call('well.test', 'party:new')).toHaveProperty('heard')
})
