import { floorDivCount } from '../../money/integers.ts'
import { nodeHash } from './merkleTree.ts'

/** Longest proof that is looked at: a tree of 2^53 leaves has paths of 53, and one more for consistency. */
const PROOF_MAX = 54

/** True when `proof` shows that the leaf with this hash is at `index` in the tree of `size` leaves with this root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(
  leaf: Uint8Array,
  at: Readonly<{ index: number; size: number; root: Uint8Array }>,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(at.index) || !isSize(at.size) || at.index >= at.size || proof.length > PROOF_MAX) return false
  let [fn, sn, hash] = [at.index, at.size - 1, leaf]
  for (const sibling of proof) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      hash = nodeHash(sibling, hash)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && same(hash, at.root)
}

type Tree = Readonly<{ size: number; root: Uint8Array }>

/** True when `proof` shows that the tree `to` begins with the tree `from` (RFC 9162 section 2.1.4.2). */
export function verifyConsistency(from: Tree, to: Tree, proof: readonly Uint8Array[]): boolean {
  if (!isSize(from.size) || !isSize(to.size) || from.size > to.size || proof.length > PROOF_MAX) return false
  if (from.size === to.size) return proof.length === 0 && same(from.root, to.root)
  if (from.size === 0) return proof.length === 0
  // A full old tree is the first hash itself, so the proof leaves it out.
  const [first, ...rest] = isPowerOfTwo(from.size) ? [from.root, ...proof] : proof
  if (!first || proof.length === 0) return false
  let [fn, sn] = [from.size - 1, to.size - 1]
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)]
  let [old, now] = [first, first]
  for (const hash of rest) {
    if (sn === 0) return false
    if (isOdd(fn) || fn === sn) {
      old = nodeHash(hash, old)
      now = nodeHash(hash, now)
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else {
      now = nodeHash(now, hash)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && same(old, from.root) && same(now, to.root)
}

/** Sizes are whole numbers that a double holds exactly; halving is by arithmetic, because shifts keep 32 bits only. */
function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0
}

function isOdd(n: number): boolean {
  return n % 2 === 1
}

function half(n: number): number {
  return floorDivCount(n, 2)
}

function isPowerOfTwo(n: number): boolean {
  let rest = n
  while (rest % 2 === 0) rest /= 2
  return rest === 1
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
