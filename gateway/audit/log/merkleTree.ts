import { createHash } from 'node:crypto'
import { invariant } from '../../errors/invariant.ts'
import type { SubtreeHash } from '../../ports/auditLog.ts'

/** The Merkle tree of RFC 6962 section 2.1 (the same in RFC 9162 and C2SP), with SHA-256. */
const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

/** Gives the hash of a full subtree: subtree `index` of `level` covers 2^level leaves. */
type SubtreeOf = (level: number, index: number) => Uint8Array

export function leafHash(entry: Uint8Array | string): Uint8Array {
  return createHash('sha256').update(LEAF).update(entry).digest()
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash('sha256').update(NODE).update(left).update(right).digest()
}

/** The root of the tree of the first `size` leaves; of none, the hash of nothing. */
export function rootHash(size: number, subtree: SubtreeOf): Uint8Array {
  return size === 0 ? createHash('sha256').digest() : rangeHash(0, size, subtree)
}

/** PATH(index, D[size]): the siblings from the leaf up. */
export function inclusionPath(index: number, size: number, subtree: SubtreeOf): Uint8Array[] {
  invariant(index >= 0 && index < size, `leaf ${index} is in a tree of ${size}`)
  const path: Uint8Array[] = []
  // Descends to the leaf and collects the other side of each fork, so the path comes out from the root down.
  for (let [start, end] = [0, size]; end - start > 1; ) {
    const fork = start + splitOf(end - start)
    path.push(index < fork ? rangeHash(fork, end, subtree) : rangeHash(start, fork, subtree))
    if (index < fork) end = fork
    else start = fork
  }
  return path.reverse()
}

/** PROOF(from, D[to]): what shows that the tree of `to` leaves begins with the tree of `from` leaves. Empty for 0 and for itself. */
export function consistencyPath(from: number, to: number, subtree: SubtreeOf): Uint8Array[] {
  invariant(from >= 0 && from <= to, `a tree of ${to} may begin with one of ${from}`)
  if (from === 0 || from === to) return []
  const path: Uint8Array[] = []
  let [start, end] = [0, to]
  while (end !== from) {
    const fork = start + splitOf(end - start)
    path.push(from <= fork ? rangeHash(fork, end, subtree) : rangeHash(start, fork, subtree))
    if (from <= fork) end = fork
    else start = fork
  }
  // The old tree's own root is not repeated where it is a whole subtree from the first leaf on.
  if (start > 0) path.push(rangeHash(start, end, subtree))
  return path.reverse()
}

/** Where a log ends: the roots of its full subtrees from the largest to the smallest, enough to go on without reading. */
export type Frontier = { size: number; readonly roots: Uint8Array[] }

export function frontierAt(size: number, subtree: SubtreeOf): Frontier {
  const roots: Uint8Array[] = []
  for (let start = 0; start < size; ) {
    const level = largestLevel(size - start)
    roots.push(subtree(level, start / 2 ** level))
    start += 2 ** level
  }
  return { size, roots }
}

/** The root of the tree that ends so. */
export function frontierRoot({ roots }: Frontier): Uint8Array {
  const [smallest, ...larger] = roots.toReversed()
  return smallest === undefined ? rootHash(0, noSubtree) : larger.reduce((right, left) => nodeHash(left, right), smallest)
}

function noSubtree(): never {
  throw new Error('the empty tree has no subtrees')
}

/** Adds a leaf, and returns the hashes of all subtrees that it fills, itself first. */
export function addLeaf(frontier: Frontier, leaf: Uint8Array): SubtreeHash[] {
  const filled: SubtreeHash[] = [{ level: 0, index: frontier.size, hash: leaf }]
  let hash = leaf
  // Each low bit that is set in the old size is a full subtree to the left that now has its right half.
  for (let [level, index] = [0, frontier.size]; index % 2 === 1; level++) {
    index = (index - 1) / 2
    hash = nodeHash(frontier.roots.pop()!, hash)
    filled.push({ level: level + 1, index, hash })
  }
  frontier.roots.push(hash)
  frontier.size += 1
  return filled
}

/** MTH over the leaves from `start` to before `end`. RFC 6962 only asks for ranges that begin at a multiple of their first fork. */
function rangeHash(start: number, end: number, subtree: SubtreeOf): Uint8Array {
  const level = largestLevel(end - start)
  const width = 2 ** level
  if (width === end - start) return subtree(level, start / width)
  const fork = start + splitOf(end - start)
  return nodeHash(rangeHash(start, fork, subtree), rangeHash(fork, end, subtree))
}

/** The largest power of two below `n`, for n > 1. */
function splitOf(n: number): number {
  return 2 ** largestLevel(n - 1)
}

/** The largest `level` with 2^level <= n, for n > 0. */
function largestLevel(n: number): number {
  let level = 0
  while (2 ** (level + 1) <= n) level += 1
  return level
}
