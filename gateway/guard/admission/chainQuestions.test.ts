import { expect, test } from 'vitest'
import { isGatewayError } from '../../errors/gatewayError.ts'
import { createChainQuestions } from './chainQuestions.ts'

function open() {
  const time = { ms: 1_800_000_000_000 }
  const question = createChainQuestions({
    clock: { now: () => time.ms },
    rate: { perS: 50, burst: 500 },
    of: 'payments of accounts with code',
  })
  /** How to say that it has answered, or what it was refused with. */
  const ask = (of: string) =>
    question(of).catch((error: unknown) => {
      if (!isGatewayError(error, 'too_busy')) throw error
      return error
    })
  /** Whether each of so many is asked at once. */
  const now = async (of: string, count: number) => {
    const asked: (() => void)[] = []
    for (let n = 0; n < count; n++) {
      void question(of).then(
        (done) => asked.push(done),
        () => undefined,
      )
    }
    await new Promise((resolve) => setImmediate(resolve))
    return asked
  }
  return { time, ask, now }
}

test('of the questions under way at a time one network has half, and others still find room', async () => {
  const { now } = open()
  expect((await now('a', 20)).length).toBe(4)
  expect([(await now('b', 3)).length, (await now('c', 2)).length]).toEqual([2, 1])
})

test('who finds no place waits for one, and is told so when none comes', async () => {
  const { now, ask } = open()
  const [first, ...others] = await now('a', 4)
  const fifth = ask('a')
  first!()
  expect(typeof (await fifth)).toBe('function')
  expect(await ask('a')).toMatchObject({ code: 'too_busy' })
  for (const done of others) done()
})

test('a network asks fifty at once and then five a second, and is told when to come again', async () => {
  const { time, ask } = open()
  let taken = 0
  for (let n = 0; n < 1_000; n++) {
    const answered = await ask('a')
    if (typeof answered !== 'function') {
      expect(answered.meta).toMatchObject({ retry_after_s: 1 })
      continue
    }
    answered()
    taken++
  }
  expect(taken).toBe(50)
  time.ms += 1_000
  for (let n = 0; n < 5; n++) {
    const answered = await ask('a')
    expect(typeof answered).toBe('function')
    if (typeof answered === 'function') answered()
  }
  expect(typeof (await ask('a'))).toBe('object')
  expect(typeof (await ask('b'))).toBe('function')
})

test('no more than so many wait, and a question that is never answered ends by itself', async () => {
  const { time, now } = open()
  const many = await Promise.all(Array.from({ length: 40 }, (_, n) => now(`${n}`, 4)))
  expect(many.flat().length).toBe(8)
  time.ms += 10_000
  expect((await now('new', 1)).length).toBe(1)
})
