import { describe, expect, onTestFinished, test } from 'vitest'
import { GatewayError } from '../../errors/gatewayError.ts'
import { drive, type StepAnswer } from './drive.ts'

type Thing = { id: string; done: number }
type Effect = Readonly<{ kind: 'work'; place: number } | { kind: 'rest' }>

/** Things that are worked on until they have been worked on so often; `work` may refuse, break or wait instead. */
function room(work: (thing: Thing, place: number) => StepAnswer | Promise<StepAnswer> = () => undefined, o: { times?: number } = {}) {
  const { times = 3 } = o
  const things = new Map<string, Thing>()
  const said: string[] = []
  const fatal: unknown[] = []
  const driven = drive<Thing, Effect>({
    name: 'thing',
    records: { get: (id) => things.get(id), open: () => [...things.values()].filter(({ done }) => done < times) },
    next: ({ done }) => (done < times ? { kind: 'work', place: done } : { kind: 'rest' }),
    steps: {
      rest: () => 'wait',
      async work(thing, { place }) {
        const answer = await work(thing, place)
        if (answer === undefined) thing.done++
        return answer
      },
    },
    width: 2,
    retryMs: 1,
    stepsMax: 4,
    log: { warn: (fields, text) => void said.push(`${text} ${JSON.stringify(fields)}`), error: (_, text) => void said.push(text) },
    onFatal: (error) => void fatal.push(error),
  })
  onTestFinished(() => driven.close())
  const begin = (id: string): Thing => {
    const thing = { id, done: 0 }
    things.set(id, thing)
    driven.wake(id)
    return thing
  }
  return { driven, begin, things, said, fatal }
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1))
}

const refusal = () => new GatewayError('ledger_unavailable', 'nobody answers')

describe('the rule for what is tried again', () => {
  test('a GatewayError took nothing: the step is tried again from what stands then, and nobody stops', async () => {
    const places: number[] = []
    const { begin, said, fatal } = room((_, place) => {
      places.push(place)
      if (places.length === 2 || places.length === 3) throw refusal()
      return undefined
    })
    const thing = begin('a')
    await until(() => thing.done === 3)
    expect(places).toEqual([0, 1, 1, 1, 2])
    const line = 'a step of this thing is tried again {"thing":"a","code":"ledger_unavailable","detail":"nobody answers"}'
    expect([said, fatal]).toEqual([[line, line], []])
  })

  test('anything else is fatal: it is told once, not tried again, and the others go on', async () => {
    let tried = 0
    const { begin, said, fatal } = room((thing) => {
      if (thing.id !== 'bad') return undefined
      tried++
      throw new Error('broken')
    })
    const bad = begin('bad')
    const good = begin('good')
    await until(() => good.done === 3)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([bad.done, tried, fatal]).toEqual([0, 1, [new Error('broken')]])
    expect(said).toEqual(['this thing cannot go on; it is taken up again at the next start'])
  })

  test('an error that only looks like one of ours is fatal too', async () => {
    const { begin, fatal } = room(() => {
      throw Object.assign(new Error('broken'), { code: 'too_busy' })
    })
    begin('a')
    await until(() => fatal.length > 0)
    expect(fatal).toMatchObject([{ code: 'too_busy' }])
  })
})

describe('what is driven', () => {
  test('takes its steps one after the other, and leaves its place when it asks for time or has taken too many', async () => {
    const order: string[] = []
    const { begin } = room(
      ({ id }, place) => {
        order.push(`${id}${place}`)
        return undefined
      },
      { times: 6 },
    )
    const [a, b, c] = [begin('a'), begin('b'), begin('c')]
    await until(() => [a, b, c].every(({ done }) => done === 6))
    // Two at once, four steps each, before the third begins.
    expect(order.indexOf('c0')).toBeGreaterThan(order.indexOf('a2'))
    expect(order.indexOf('c0')).toBeLessThan(order.indexOf('a4'))
    expect(order.filter((step) => step.startsWith('a'))).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5'])
  })

  test('is taken up at the start, which waits for one round of each and not for its end', async () => {
    let asked = 0
    const { driven, things } = room(async () => {
      await new Promise((resolve) => setImmediate(resolve))
      asked++
      return 3_600_000
    })
    for (const id of ['a', 'b', 'c']) things.set(id, { id, done: 0 })
    things.set('ended', { id: 'ended', done: 3 })
    await driven.resume()
    expect([asked, [...things.values()].map(({ done }) => done)]).toEqual([3, [0, 0, 0, 3]])
  })

  test('begins no step after the close, which waits for those under way', async () => {
    const gate = Promise.withResolvers<void>()
    const { driven, begin } = room(() => gate.promise as Promise<undefined>)
    const thing = begin('a')
    const closed = driven.close()
    gate.resolve()
    await closed
    expect(thing.done).toBe(1)
    begin('b')
    await new Promise((resolve) => setImmediate(resolve))
    expect(thing.done).toBe(1)
  })
})
