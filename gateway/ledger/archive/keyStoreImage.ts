import { invariant } from '../../errors/invariant.ts'
import { ceilDivCount } from '../../money/integers.ts'
import { restoreTable, type TakeBytes, tableParts } from '../rows/hashTableImage.ts'
import { KEY_STORE_SEGMENT_BYTES, type KeyStore, UNITS_PER_SEGMENT } from './keyStore.ts'

/** `firstChunk` is the first segment in memory; snapshots on disk have it under this name. */
export type KeyStoreImageHeader = Readonly<{ end: number; seed: number; firstChunk: number }>

/**
 * A picture of the key store at one moment. Items are only ever added, so it is enough to know where it ended: what was added while the picture is read
 * is left out when it is restored.
 */
export function beginKeyStoreImage(keyStore: KeyStore): Readonly<{ header: KeyStoreImageHeader; parts(): Generator<Uint8Array> }> {
  const firstSegment = keyStore.first
  const inMemory = keyStore.segments.slice(firstSegment)
  return {
    header: { end: keyStore.end, seed: keyStore.seed, firstChunk: firstSegment },
    *parts() {
      for (const segment of inMemory) yield segment!
      yield* tableParts(keyStore.places)
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
  keyStore.first = header.firstChunk
  keyStore.end = header.end
  keyStore.seed = header.seed
  restoreTable(keyStore.places, header.end, take)
}
