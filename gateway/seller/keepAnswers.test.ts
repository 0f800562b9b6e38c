import { expect, test } from 'vitest'
import type { AnswerOutcome } from './gatewayCalls.ts'
import { createAnswerKeeper } from './keepAnswers.ts'

const CALL = { claim: 'lightning:00', attempt: 'attempt-of-the-test', status: 200, content_type: 'text/plain', body: 'done' }
/** Long gone: nobody waits for an answer of then. */
const LONG_AGO = 0

/** A gateway that says these one after the other, the last for ever. */
function saying(...said: AnswerOutcome[]) {
  const lines: string[] = []
  let asked = 0
  const answer = async (): Promise<AnswerOutcome> => said[asked++] ?? said.at(-1)!
  return { lines, asked: () => asked, calls: { answer }, log: (line: string) => void lines.push(line) }
}

test('an answer is told until the gateway has it', async () => {
  const gateway = saying('away', 'away', 'kept')
  const keeper = createAnswerKeeper(gateway)
  expect(await keeper.keep(CALL, Date.now())).toBe('kept')
  expect([gateway.asked(), gateway.lines]).toEqual([3, []])
})

test('a payer who has waited long enough is told that it is unknown, and the answer is told on', async () => {
  const gateway = saying('away', 'away', 'away', 'kept')
  const keeper = createAnswerKeeper({ ...gateway, payerWaitMs: 1 })
  expect(await keeper.keep(CALL, Date.now())).toBe('unknown')
  await keeper.settled()
  expect(gateway.asked()).toBe(4)
})

test('an answer that came too late is not told again', async () => {
  const gateway = saying('late')
  expect(await createAnswerKeeper(gateway).keep(CALL, Date.now())).toBe('late')
  expect(gateway.asked()).toBe(1)
})

test('the seller hears of an answer that the gateway does not take', async () => {
  const gateway = saying('refused')
  expect(await createAnswerKeeper(gateway).keep(CALL, Date.now())).toBe('refused')
  expect(gateway.lines.join()).toMatch(/lightning:00: its payer gets the money back/)
})

test('a gateway that stays away is given up when it waits no longer', async () => {
  const gateway = saying('away')
  expect(await createAnswerKeeper(gateway).keep(CALL, LONG_AGO)).toBe('late')
  expect(gateway.lines.join()).toMatch(/away too long/)
})

test('no more work is done while a thousand answers wait', async () => {
  const { promise, resolve } = Promise.withResolvers<AnswerOutcome>()
  const keeper = createAnswerKeeper({ calls: { answer: () => promise }, log: () => {}, payerWaitMs: 1 })
  await Promise.all(Array.from({ length: 1_000 }, () => keeper.keep(CALL, Date.now())))
  expect(keeper.isFull()).toBe(true)
  resolve('kept')
  await keeper.settled()
  expect(keeper.isFull()).toBe(false)
})
