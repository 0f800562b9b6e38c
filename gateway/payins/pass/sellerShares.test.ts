import { expect, test } from 'vitest'
import type { Pass } from './pass.ts'
import { createSellerShares } from './sellerShares.ts'

/** Records of passes of these sellers, as a start finds them, and of those that come after. */
function recordsWith(sellers: readonly string[]) {
  const passes = new Map<string, Pass>()
  const listeners: ((id: string) => void)[] = []
  const put = (id: string, seller: string, ended: boolean) => {
    passes.set(id, { id, seller, ended } as Pass) // Nothing else of it is looked at.
    for (const listener of listeners) listener(id)
  }
  for (const [n, seller] of sellers.entries()) put(`ps_${n}`, seller, false)
  const open = () => [...passes.values()].filter(({ ended }) => !ended)
  return {
    put,
    get: (id: string) => passes.get(id),
    open,
    openCount: () => open().length,
    onChange: (told: (id: string) => void) => void listeners.push(told),
  }
}

test('however many sellers take what they can, the next one finds as much as each of them has', () => {
  const records = recordsWith([])
  const { hasRoom } = createSellerShares(records, 120)
  const taken = ['a', 'b', 'c'].map((seller) => {
    let open = 0
    while (hasRoom(seller)) records.put(`ps_${seller}${open++}`, seller, false)
    return open
  })
  expect(taken).toEqual([60, 30, 15])
  expect([hasRoom('a'), hasRoom('b'), hasRoom('c'), hasRoom('d')]).toEqual([false, false, false, true])
})

test('passes that stood at the start count, once each, until they have ended', () => {
  const records = recordsWith(['a', 'a', 'b'])
  const { hasRoom } = createSellerShares(records, 5)
  expect([hasRoom('a'), hasRoom('b')]).toEqual([false, true])
  // Something of it has changed, and it is still open.
  records.put('ps_2', 'b', false)
  expect(hasRoom('b')).toBe(true)
  records.put('ps_0', 'a', true)
  records.put('ps_0', 'a', true)
  expect([hasRoom('a'), records.openCount()]).toEqual([true, 2])
})
