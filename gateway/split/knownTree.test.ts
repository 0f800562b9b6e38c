import { expect, test } from 'vitest'
import type { Hex } from '../ports/ids.ts'
import { knownTree } from './knownTree.ts'
import { splitTree } from './splitTree.ts'

const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const table = { payees: [1, 2, 3].map((n) => ({ account: account(n), shares: BigInt(n) })), metadata: 'a table' }

test('a tree whose id is known answers as the one that was reckoned', () => {
  const reckoned = splitTree(table)
  const known = knownTree(table, reckoned.splitId)
  const { splitId, root, totalShares, metadataHash } = reckoned
  expect({ ...known }).toMatchObject({ splitId, root, totalShares, metadataHash })
  for (const place of [0, 1, 2]) expect([known.proofs(place), known.share(place)]).toEqual([reckoned.proofs(place), reckoned.share(place)])
})

test('a tree whose id is known reckons nothing for its id, and refuses a table that cannot be when more is asked', () => {
  const known = knownTree({ payees: [], metadata: 'nobody' }, account(7))
  expect(known.splitId).toBe(account(7))
  expect(() => known.root).toThrow('invalid_split')
})
