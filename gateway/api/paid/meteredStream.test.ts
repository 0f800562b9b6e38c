import { expect, test } from 'vitest'
import { GatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { USD } from '../../money/asset.ts'
import { money } from '../../money/money.ts'
import type { Meter } from '../../seller/meter.ts'
import { meteredStream } from './meteredStream.ts'
import type { Steps } from './sessionSteps.ts'

/** Covers so much, and then asks for more that never comes. */
function covers(most: bigint, words: Steps['words']): Steps {
  return {
    async *covering(used) {
      if (used <= most) return true
      yield { sessionId: 'ab', balanceSpent: 2, balanceRequired: 1 }
      return false
    },
    whole: async () => undefined,
    open() {
      invariant(false, 'nothing is recorded here')
    },
    receipt: (used) => JSON.stringify({ spent: `${used}` }),
    words,
    low: () => new GatewayError('session_deposit_low', 'less than that is left'),
  }
}

async function given(words: Steps['words'], isEvents = true): Promise<string[]> {
  let used = 0n
  const meter: Meter = { add: () => money(USD, 0n), spent: () => money(USD, used), left: () => money(USD, 0n) }
  let ended = 0
  async function* work() {
    for (; used < 9n; used++) yield `data: ${used}\n\n`
  }
  const steps = covers(1n, words)
  const stream = meteredStream(work(), { meter, steps, isEvents, signal: new AbortController().signal, ended: async () => void ended++ })
  const parts: string[] = []
  for await (const part of stream) parts.push(String(part))
  expect(ended).toBe(1)
  return parts.join('').split('\n\n').filter(Boolean)
}

const NEEDED = 'data: {"sessionId":"ab","balanceSpent":2,"balanceRequired":1}'

test('a stream whose payer brings no more in time says so in the words of its session, and ends with what was paid', async () => {
  expect(await given({ asks: 'payment-need-topup', gaveUp: 'session-timeout' })).toEqual([
    'data: 0',
    'data: 1',
    `event: payment-need-topup\n${NEEDED}`,
    `event: session-timeout\n${NEEDED}`,
    'event: payment-receipt\ndata: {"spent":"2"}',
  ])
  expect((await given({ asks: 'payment-need-voucher' })).map((part) => part.split('\n')[0])).toEqual([
    'data: 0',
    'data: 1',
    'event: payment-need-voucher',
    'event: payment-receipt',
  ])
})

test('what is no stream of events is only cut off', async () => {
  expect(await given({ asks: 'payment-need-topup', gaveUp: 'session-timeout' }, false)).toEqual(['data: 0', 'data: 1'])
})
