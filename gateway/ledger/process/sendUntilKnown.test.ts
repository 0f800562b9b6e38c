import { expect, test } from 'vitest'
import type { Outcome } from '../../ports/outcome.ts'
import { sendUntilKnown } from './sendUntilKnown.ts'

const unknown: Outcome = { kind: 'unknown', checkAfterMs: 1 }
const refused: Outcome = { kind: 'unknown', checkAfterMs: 1, refusal: 'insufficient_liquidity' }
const unheard: Outcome = { kind: 'failed', reason: 'never_sent' }
const reverted: Outcome = { kind: 'failed', reason: 'reverted' }

/** A rail that answers in this order; `calls` is what it was asked. */
function rail(...answers: Outcome[]) {
  const calls: string[] = []
  const next = () => answers.shift() ?? unknown
  const stop = new AbortController()
  return {
    calls,
    stop,
    send: async ({ isAsked }: { isAsked: boolean }) => {
      calls.push(isAsked ? 'send at once' : 'send')
      return next()
    },
    look: async () => {
      calls.push('look')
      return next()
    },
  }
}

test('what is known at once is not looked up', async () => {
  const { calls, stop, send, look } = rail(reverted)
  expect(await sendUntilKnown({ send, look, stop: stop.signal })).toEqual(reverted)
  expect(calls).toEqual(['send'])
})

test('what is unknown is looked up, and not sent a second time', async () => {
  const { calls, stop, send, look } = rail(unknown, unknown, reverted)
  expect(await sendUntilKnown({ send, look, stop: stop.signal })).toEqual(reverted)
  expect(calls).toEqual(['send', 'look', 'look'])
})

test('what the rail has no record of is sent again, and a refusal to send it is an end', async () => {
  const { calls, stop, send, look } = rail(unknown, unheard, unknown, unheard, unheard)
  expect(await sendUntilKnown({ send, look, stop: stop.signal })).toEqual(unheard)
  expect(calls).toEqual(['send', 'look', 'send', 'look', 'send'])
})

test('a wake sends it at once, and each wait tells what is known so far', async () => {
  const { calls, stop, send, look } = rail(refused, reverted)
  const told: Outcome[] = []
  const onUnknown = (outcome: Outcome) => void told.push(outcome)
  expect(await sendUntilKnown({ send, look, stop: stop.signal, onUnknown, wake: async () => {} })).toEqual(reverted)
  expect([calls, told]).toEqual([['send', 'send at once'], [refused]])
})

test('after a stop its outcome stays unknown, and nothing is begun any more', async () => {
  const { calls, stop, send, look } = rail(unknown, unheard, unheard)
  const outcome = sendUntilKnown({ send, look, stop: stop.signal, onUnknown: () => stop.abort() })
  expect(await outcome).toEqual(unknown)
  expect(calls).toEqual(['send'])
})

test('a stop ends a try that hangs', async () => {
  const { stop, look } = rail()
  const send = ({ signal }: { signal: AbortSignal }) =>
    new Promise<Outcome>((resolve) => {
      signal.addEventListener('abort', () => resolve(unknown))
    })
  const outcome = sendUntilKnown({ send, look, stop: stop.signal })
  stop.abort()
  expect(await outcome).toEqual(unknown)
})
