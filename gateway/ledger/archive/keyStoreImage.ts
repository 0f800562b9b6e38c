import { invariant } from '../../errors/invariant.ts'
import { ceilDivCount } from '../../money/integers.ts'
import { addPlace } from '../rows/hashTable.ts'
import type { TakeBytes } from '../rows/ledgerImage.ts'
import { KEY_STORE_SEGMENT_BYTES, type KeyStore, UNITS_PER_SEGMENT } from './keyStore.ts'

/** `firstChunk` is the first segment in memory; snapshots on disk have it under this name. */
export type KeyStoreImageHeader = Readonly<{ end: number; seed: number; firstChunk: number }>

/**
 * A picture of the key store at one moment. Items are only ever added, so it is enough to know where it ended: what was added while the picture is read
 * is left out when it is restored.
 */
export function beginKeyStoreImage(keyStore: KeyStore): Readonly<{ header: KeyStoreImageHeader; parts(): Generator<Uint8Array> }> {
  const found = keyStore.segments.findIndex((segment) => segment !== undefined)
  const firstSegment = found < 0 ? keyStore.segments.length : found
  const inMemory = keyStore.segments.slice(firstSegment)
  return {
    header: { end: keyStore.end, seed: keyStore.seed, firstChunk: firstSegment },
    *parts() {
      for (const segment of inMemory) yield segment!
      for (const { slots, used } of keyStore.places.shards) {
        yield new Uint8Array(Uint32Array.of(slots.length, used).buffer)
        yield new Uint8Array(slots.buffer)
      }
    },
  }
}

/** Fills an empty key store from its image. */
export function restoreKeyStore(keyStore: KeyStore, header: KeyStoreImageHeader, take: TakeBytes): void {
  invariant(keyStore.end === 0, 'an image is restored into an empty key store')
  const segments = ceilDivCount(header.end, UNITS_PER_SEGMENT)
  for (let n = 0; n < segments; n++) {
    keyStore.segments.push(n < header.firstChunk ? undefined : Buffer.from(take(KEY_STORE_SEGMENT_BYTES).buffer))
  }
  keyStore.end = header.end
  keyStore.seed = header.seed
  const { shards } = keyStore.places
  for (let n = 0; n < shards.length; n++) {
    const [length, used] = new Uint32Array(take(8).buffer)
    const slots = new Uint32Array(take(4 * length!).buffer)
    if (used === 0) continue
    if (allBefore(slots, header.end)) shards[n] = { slots, used: used! }
    else refile(keyStore, slots)
  }
}

function allBefore(slots: Uint32Array, end: number): boolean {
  for (let i = 1; i < slots.length; i += 2) if (slots[i]! > end) return false
  return true
}

/** Files again what was in the key store before the image began. */
function refile(keyStore: KeyStore, slots: Uint32Array): void {
  for (let i = 0; i < slots.length; i += 2) {
    const placePlusOne = slots[i + 1]!
    if (placePlusOne !== 0 && placePlusOne <= keyStore.end) addPlace(keyStore.places, slots[i]!, placePlusOne - 1)
  }
}
