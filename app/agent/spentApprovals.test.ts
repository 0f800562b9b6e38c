import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../gateway/client/budget/memoryStore.ts'
import { createSpentApprovals } from './spentApprovals.ts'

describe('an approval', () => {
  test('is spent once by all who share the store, however they meet', async () => {
    const store = memoryStore()
    const sharing = Array.from({ length: 4 }, () => createSpentApprovals(store, { now: () => 0, keptMs: 10 }))
    const spent = await Promise.all(sharing.flatMap(({ spend }) => [spend('one'), spend('one')]))
    expect(spent.filter((isFirst) => isFirst)).toHaveLength(1)
    expect(await createSpentApprovals(store, { now: () => 9, keptMs: 10 }).spend('one')).toBe(false)
  })

  test('is kept until its time is over, and no more than a bound of them', async () => {
    let now = 0
    const { spend } = createSpentApprovals(memoryStore(), { now: () => now, keptMs: 10 })
    for (let i = 0; i < 256; i++) expect(await spend(`${i}`)).toBe(true)
    await expect(spend('one more')).rejects.toMatchObject({ code: 'too_busy' })
    expect(await spend('0')).toBe(false)
    now = 10
    expect(await spend('one more')).toBe(true)
  })
})
