import { invariant } from '../../errors/invariant.ts'
import { addPlace } from '../rows/hashTable.ts'
import type { TakeBytes } from '../rows/ledgerImage.ts'
import { SHELF_SEGMENT_BYTES, type Shelf, UNITS_PER_SEGMENT } from './shelf.ts'

/** `firstChunk` is the first segment in memory; snapshots on disk have it under this name. */
export type ShelfImageHeader = Readonly<{ end: number; seed: number; firstChunk: number }>

/**
 * A picture of the shelf at one moment. Items are only ever added, so it is enough to know where it ended: what was added while the picture is read
 * is left out when it is restored.
 */
export function beginShelfImage(shelf: Shelf): Readonly<{ header: ShelfImageHeader; parts(): Generator<Uint8Array> }> {
  const found = shelf.segments.findIndex((segment) => segment !== undefined)
  const firstSegment = found < 0 ? shelf.segments.length : found
  const inMemory = shelf.segments.slice(firstSegment)
  return {
    header: { end: shelf.end, seed: shelf.seed, firstChunk: firstSegment },
    *parts() {
      for (const segment of inMemory) yield segment!
      for (const { slots, used } of shelf.places.shards) {
        yield new Uint8Array(Uint32Array.of(slots.length, used).buffer)
        yield new Uint8Array(slots.buffer)
      }
    },
  }
}

/** Fills an empty shelf from its image. */
export function restoreShelf(shelf: Shelf, header: ShelfImageHeader, take: TakeBytes): void {
  invariant(shelf.end === 0, 'an image is restored into an empty shelf')
  const segments = (header.end + UNITS_PER_SEGMENT - 1 - ((header.end + UNITS_PER_SEGMENT - 1) % UNITS_PER_SEGMENT)) / UNITS_PER_SEGMENT
  for (let n = 0; n < segments; n++) {
    shelf.segments.push(n < header.firstChunk ? undefined : Buffer.from(take(SHELF_SEGMENT_BYTES).buffer))
  }
  shelf.end = header.end
  shelf.seed = header.seed
  const { shards } = shelf.places
  for (let n = 0; n < shards.length; n++) {
    const [length, used] = new Uint32Array(take(8).buffer)
    const slots = new Uint32Array(take(4 * length!).buffer)
    if (used === 0) continue
    if (allBefore(slots, header.end)) shards[n] = { slots, used: used! }
    else refile(shelf, slots)
  }
}

function allBefore(slots: Uint32Array, end: number): boolean {
  for (let i = 1; i < slots.length; i += 2) if (slots[i]! > end) return false
  return true
}

/** Files again what was on the shelf before the image began. */
function refile(shelf: Shelf, slots: Uint32Array): void {
  for (let i = 0; i < slots.length; i += 2) {
    const placePlusOne = slots[i + 1]!
    if (placePlusOne !== 0 && placePlusOne <= shelf.end) addPlace(shelf.places, slots[i]!, placePlusOne - 1)
  }
}
