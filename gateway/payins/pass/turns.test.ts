import { expect, test } from 'vitest'
import type { Pass } from './pass.ts'
import { createTurns } from './turns.ts'

const [HOUR_MS, FIRST_MS] = [3_600_000, 10_000]
const named = (id: string) => ({ id }) as Pass // Nothing else of it is looked at.

test('what could not be ended waits twice as long each time, an hour at most, and is told of at first and at last', () => {
  const turns = createTurns()
  const pass = named('ps_a')
  const waits: number[] = []
  const told: boolean[] = []
  let now = 0
  for (let n = 0; n < 12; n++) {
    expect(turns.inOrder([pass], now)).toEqual([pass])
    told.push(turns.failed(pass, now))
    expect(turns.inOrder([pass], now)).toEqual([])
    const from = now
    while (turns.inOrder([pass], now).length === 0) now += FIRST_MS
    waits.push(now - from)
  }
  expect(waits).toEqual([...Array.from({ length: 9 }, (_, n) => FIRST_MS * 2 ** n), HOUR_MS, HOUR_MS, HOUR_MS])
  expect(told).toEqual([true, ...Array<boolean>(8).fill(false), true, true, true])
  turns.ended(pass)
  expect(turns.count()).toBe(0)
})

test('who has failed least comes first', () => {
  const turns = createTurns()
  const [often, once, never] = ['ps_often', 'ps_once', 'ps_never'].map(named)
  turns.failed(often!, 0)
  turns.failed(often!, FIRST_MS)
  turns.failed(once!, 0)
  expect(turns.inOrder([often!, once!, never!], HOUR_MS)).toEqual([never, once, often])
})
