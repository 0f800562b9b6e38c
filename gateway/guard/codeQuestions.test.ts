import { expect, test } from 'vitest'
import { isGatewayError } from '../errors/gatewayError.ts'
import { LIMITS, openGuard } from './openGuard.ts'

function open() {
  const time = { ms: 1_800_000_000_000 }
  const { codeQuestion } = openGuard({ clock: { now: () => time.ms } }, { limits: LIMITS, onRefused: () => {} })
  /** How to say that it has answered, or what it was refused with. */
  const ask = (of: string) => {
    try {
      return codeQuestion(of)
    } catch (error) {
      if (!isGatewayError(error, 'too_busy')) throw error
      return error
    }
  }
  const asked = (of: string) => typeof ask(of) === 'function'
  return { time, ask, asked }
}

test('of the questions under way at a time one network has half, and others still find room', () => {
  const { asked } = open()
  expect(Array.from({ length: 20 }, () => asked('a')).filter(Boolean).length).toBe(4)
  expect(['b', 'b', 'b', 'c', 'c'].map(asked)).toEqual([true, true, false, true, false])
})

test('a network asks fifty at once and then five a second, and is told when to come again; an answer makes room', () => {
  const { time, ask } = open()
  let taken = 0
  for (let n = 0; n < 1_000; n++) {
    const answered = ask('a')
    if (typeof answered !== 'function') {
      expect(answered.meta).toMatchObject({ retry_after_s: 1 })
      continue
    }
    answered()
    taken++
  }
  expect(taken).toBe(50)
  time.ms += 1_000
  expect(Array.from({ length: 20 }, () => typeof ask('a')).filter((kind) => kind === 'function').length).toBe(4)
  expect(typeof ask('b')).toBe('function')
})

test('a question that is never answered ends by itself', () => {
  const { time, asked } = open()
  for (let n = 0; n < 4; n++) asked('a')
  expect(asked('a')).toBe(false)
  time.ms += 10_000
  expect(asked('a')).toBe(true)
})
