import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { pendingCalls } from './pendingCalls.ts'

test('a call has one end: its answer, an error, or its deadline', async () => {
  const calls = pendingCalls()
  const [one, two, three] = [1, 2, 3].map(() => calls.add('status', undefined, 10_000)) as [Call, Call, Call]
  const late = calls.add('status', undefined, 1)
  calls.resolve(two.asked.id, 'two')
  calls.reject(three.asked.id, new Error('three'))
  expect(await two.answer).toBe('two')
  await expect(three.answer).rejects.toThrow('three')
  await expect(late.answer).rejects.toMatchObject({ code: 'rail_unavailable' })
  calls.resolve(late.asked.id, 'too late')
  expect(calls.all()).toEqual([one.asked])
  calls.rejectAll(new Error('gone'))
  await expect(one.answer).rejects.toThrow('gone')
  expect(calls.all()).toEqual([])
})
type Call = ReturnType<ReturnType<typeof pendingCalls>['add']>

test('a call that is given more time outlives its first deadline', async () => {
  const calls = pendingCalls()
  const { asked, answer } = calls.add('balance', undefined, 5)
  calls.extend(60_000)
  await sleep(20)
  expect(calls.all()).toEqual([asked])
  calls.resolve(asked.id, 'there')
  expect(await answer).toBe('there')
})
