import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addLeaf, consistencyPath, type Frontier, frontierAt, inclusionPath, leafHash, nodeHash, rootHash } from './merkleTree.ts'
import { verifyConsistency, verifyInclusion } from './verifyProof.ts'

/** The entries and roots that the implementations of Certificate Transparency (RFC 6962) are tested with. */
const ENTRIES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const INCLUSION: [index: number, size: number, path: string[]][] = [
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
]
const CONSISTENCY: [from: number, to: number, path: string[]][] = [
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

const hex = (hash: Uint8Array) => Buffer.from(hash).toString('hex')
const bytes = (text: string) => Buffer.from(text, 'hex')

/** A log of these entries, with the hashes of its full subtrees. */
function logOf(entries: readonly Uint8Array[]) {
  const subtrees = new Map<string, Uint8Array>()
  const subtree = (level: number, index: number) => subtrees.get(`${level}/${index}`)!
  const frontier: Frontier = { size: 0, roots: [] }
  for (const entry of entries) for (const s of addLeaf(frontier, leafHash(entry))) subtrees.set(`${s.level}/${s.index}`, s.hash)
  return { frontier, subtree, root: (size: number) => rootHash(size, subtree) }
}

/** The definition of RFC 6962 section 2.1, word for word. */
function mth(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 1) return leafHash(entries[0]!)
  let k = 1
  while (k * 2 < entries.length) k *= 2
  return nodeHash(mth(entries.slice(0, k)), mth(entries.slice(k)))
}

describe('the Merkle tree of RFC 6962', () => {
  const log = logOf(ENTRIES.map(bytes))

  test.each(ROOTS.map((root, size) => [size, root]))('of %d entries has the root that others compute', (size, root) => {
    expect(hex(log.root(size as number))).toBe(root)
  })

  test.each(INCLUSION)('proves entry %d of %d with the path that others compute', (index, size, path) => {
    expect(inclusionPath(index, size, log.subtree).map(hex)).toEqual(path)
  })

  test.each(CONSISTENCY)('proves that %d is the beginning of %d with the path that others compute', (from, to, path) => {
    expect(consistencyPath(from, to, log.subtree).map(hex)).toEqual(path)
  })

  test('has a proof for every entry of every size, and none proves another entry, size or root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (size, a, b) => {
        const entries = Array.from({ length: size }, (_, i) => Buffer.from(`entry ${i}`))
        const { subtree, root, frontier } = logOf(entries)
        expect(hex(root(size))).toBe(hex(mth(entries)))
        expect(frontierAt(size, subtree).roots.map(hex)).toEqual(frontier.roots.map(hex))
        const [index, other] = [a % size, b % size]
        const path = inclusionPath(index, size, subtree)
        const at = { index, size, root: root(size) }
        expect(verifyInclusion(leafHash(entries[index]!), at, path)).toBe(true)
        expect(verifyInclusion(leafHash(entries[other]!), at, path)).toBe(index === other)
        expect(verifyInclusion(leafHash(entries[index]!), { ...at, index: other }, path)).toBe(index === other)
        expect(verifyInclusion(leafHash(entries[index]!), { ...at, root: leafHash('x') }, path)).toBe(false)
        expect(verifyInclusion(leafHash(entries[index]!), at, [...path, leafHash('x')])).toBe(false)
        expect(verifyInclusion(leafHash(entries[index]!), at, path.slice(1))).toBe(size === 1)
      }),
      { numRuns: 150, seed: 6962 },
    )
  })

  test('has a proof from every size to every later one, and none hides a changed entry', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(), (to, f) => {
        const entries = Array.from({ length: to }, (_, i) => Buffer.from(`entry ${i}`))
        const { subtree, root } = logOf(entries)
        const from = 1 + (f % to)
        const path = consistencyPath(from, to, subtree)
        const [old, now] = [
          { size: from, root: root(from) },
          { size: to, root: root(to) },
        ]
        expect(verifyConsistency(old, now, path)).toBe(true)
        expect(verifyConsistency({ size: 0, root: root(0) }, now, [])).toBe(true)
        const changed = logOf(entries.map((entry, i) => (i === f % from ? Buffer.from('changed') : entry)))
        const other = { size: to, root: changed.root(to) }
        expect(verifyConsistency(old, other, consistencyPath(from, to, changed.subtree))).toBe(false)
        expect(verifyConsistency(now, old, path)).toBe(from === to)
        expect(verifyConsistency(old, now, [...path, leafHash('x')])).toBe(false)
      }),
      { numRuns: 150, seed: 9162 },
    )
  })
})
