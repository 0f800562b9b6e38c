import { expect, test } from 'vitest'
import { createAsking } from './asking.ts'

const never = () => new Promise<never>(() => {})
const refused = expect.objectContaining({ code: 'too_busy' })

test('a source asks rails four times at once, and another source asks beside it', async () => {
  const asking = createAsking()
  for (let i = 0; i < 4; i++) void asking('party:a', never)
  await expect(asking('party:a', never)).rejects.toEqual(refused)
  expect(await asking('party:b', async () => 'asked')).toBe('asked')
})

test('one that has its answer, or a refusal, makes room for the next', async () => {
  const asking = createAsking()
  for (let i = 0; i < 3; i++) void asking('party:a', never)
  expect(await asking('party:a', async () => 7)).toBe(7)
  await expect(asking('party:a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  void asking('party:a', never)
  await expect(asking('party:a', never)).rejects.toEqual(refused)
})

test('the fewer places are free, the fewer are left to one source: who comes new finds one where others are full', async () => {
  const asking = createAsking()
  for (let party = 0; party < 31; party++) for (let i = 0; i < 4; i++) void asking(`party:${party}`, never)
  void asking('party:last', never)
  void asking('party:last', never)
  await expect(asking('party:last', never)).rejects.toEqual(refused)
  expect(await asking('party:new', async () => 'asked')).toBe('asked')
})
