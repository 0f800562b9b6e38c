import { invariant } from '../../errors/invariant.ts'
import {
  addPlace,
  clearTable,
  EMPTY,
  firstSlot,
  type HashTable,
  newHashTable,
  nextSlot,
  OTHER,
  PLACES_MAX,
  placeIn,
  shardOf,
} from '../rows/hashTable.ts'
import type { SegmentStore } from '../rows/segmentStore.ts'

/** Bytes of a segment of items. */
export const KEY_STORE_SEGMENT_BYTES = 4 * 1024 * 1024
/** A place counts thirty-twos of bytes. */
const UNIT = 32
export const UNITS_PER_SEGMENT = KEY_STORE_SEGMENT_BYTES / UNIT
const SHARD_BITS = 10
/** Longest key, and longest key and value together, in UTF-16 units. */
const KEY_MAX = 65_535
export const TEXT_MAX = 1_048_576

/** An item: what kind it is, two small numbers, the block it came with, and a text. Kinds are never renumbered: snapshots keep them. */
export type Item = Readonly<{ kind: number; count: number; seq: number; group: number; key: string; value: string }>

/**
 * What is remembered by a key for ever: claims, entries and declined entries by the books, what has ended by the rooms above. Items are only ever
 * added. They lie in segments of bytes off the heap, the newest in memory, older ones in a segment store; of each there stay 10 bytes in a table, at most
 * three quarters full and at least three eighths: 13 to 27 bytes an item.
 */
export type KeyStore = {
  readonly segments: (Buffer | undefined)[]
  /** The first segment that is in memory, or how many there are. */
  first: number
  /** Places used. */
  end: number
  readonly places: HashTable
  /** Keys can come from outside: who does not know the seed can not choose keys of one hash. */
  seed: number
  segmentStore: SegmentStore | undefined
}

// Bytes of an item's header; the text follows in UTF-8.
const TEXT_BYTES = 0
const KEY_UNITS = 4
const KIND = 6
const COUNT = 7
const SEQ = 8
const GROUP = 14
const HEADER = 20
/** Blocks and groups are counted in 48 bits. */
const COUNTER_BYTES = 6

export function newKeyStore(seed: number): KeyStore {
  return { segments: [], first: 0, end: 0, places: newHashTable(SHARD_BITS), seed, segmentStore: undefined }
}

/** Adds an item; its kind and key are new. */
export function addItem(keyStore: KeyStore, item: Item): void {
  const text = item.key + item.value
  invariant(item.key.length <= KEY_MAX && text.length <= TEXT_MAX, 'an item is short')
  // At most three bytes a UTF-16 unit.
  const room = HEADER + 3 * text.length
  if ((keyStore.end % UNITS_PER_SEGMENT) * UNIT + room > KEY_STORE_SEGMENT_BYTES) {
    keyStore.end += (UNITS_PER_SEGMENT - (keyStore.end % UNITS_PER_SEGMENT)) % UNITS_PER_SEGMENT
  }
  invariant(keyStore.end < PLACES_MAX, 'the key store has room')
  const n = (keyStore.end - (keyStore.end % UNITS_PER_SEGMENT)) / UNITS_PER_SEGMENT
  if (n === keyStore.segments.length) keyStore.segments.push(Buffer.from(new ArrayBuffer(KEY_STORE_SEGMENT_BYTES)))
  const segment = keyStore.segments[n]!
  const at = (keyStore.end % UNITS_PER_SEGMENT) * UNIT
  const length = segment.write(text, at + HEADER, 'utf8')
  segment.writeUInt32LE(length, at + TEXT_BYTES)
  segment.writeUInt16LE(item.key.length, at + KEY_UNITS)
  segment[at + KIND] = item.kind
  segment[at + COUNT] = item.count
  segment.writeUIntLE(item.seq, at + SEQ, COUNTER_BYTES)
  segment.writeUIntLE(item.group, at + GROUP, COUNTER_BYTES)
  addPlace(keyStore.places, hashOf(keyStore, item.key), keyStore.end)
  keyStore.end += (HEADER + length + UNIT - 1 - ((HEADER + length + UNIT - 1) % UNIT)) / UNIT
}

/** The item of one of these kinds under this key. */
export function findItem(keyStore: KeyStore, kinds: readonly number[], key: string): Item | undefined {
  const hash = hashOf(keyStore, key)
  const shard = shardOf(keyStore.places, hash)
  for (let slot = firstSlot(keyStore.places, shard, hash); ; slot = nextSlot(shard, slot)) {
    const place = placeIn(shard, slot, hash)
    if (place === EMPTY) return undefined
    if (place === OTHER) continue
    const item = readItem(keyStore, place)
    if (item.key === key && kinds.includes(item.kind)) return item
  }
}

function readItem(keyStore: KeyStore, place: number): Item {
  const at = (place % UNITS_PER_SEGMENT) * UNIT
  const n = (place - (place % UNITS_PER_SEGMENT)) / UNITS_PER_SEGMENT
  const segment = keyStore.segments[n]
  if (segment) return parse(segment, at)
  invariant(keyStore.segmentStore, 'a segment that left memory is archived')
  const length = Buffer.from(keyStore.segmentStore.read(n, at, HEADER).buffer).readUInt32LE(TEXT_BYTES)
  return parse(Buffer.from(keyStore.segmentStore.read(n, at, HEADER + length).buffer), 0)
}

function parse(bytes: Buffer, at: number): Item {
  const text = bytes.toString('utf8', at + HEADER, at + HEADER + bytes.readUInt32LE(at + TEXT_BYTES))
  const cut = bytes.readUInt16LE(at + KEY_UNITS)
  return {
    kind: bytes[at + KIND]!,
    count: bytes[at + COUNT]!,
    seq: bytes.readUIntLE(at + SEQ, COUNTER_BYTES),
    group: bytes.readUIntLE(at + GROUP, COUNTER_BYTES),
    key: text.slice(0, cut),
    value: text.slice(cut),
  }
}

const { imul } = Math

/** 32 bits of a key (the steps are MurmurHash3's, a UTF-16 unit at a time). */
function hashOf({ seed }: KeyStore, key: string): number {
  let h = seed
  for (let i = 0; i < key.length; i++) {
    h ^= imul(imul(key.charCodeAt(i), 0xcc9e2d51) ^ (h >>> 17), 0x1b873593)
    h = imul((h << 13) | (h >>> 19), 5) + 0xe6546b64
  }
  h = imul(h ^ (h >>> 16), 0x85ebca6b)
  h = imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** Makes a key store as it was before its first item. */
export function clearKeyStore(keyStore: KeyStore): void {
  keyStore.segments.length = 0
  keyStore.first = 0
  keyStore.end = 0
  clearTable(keyStore.places)
}

/** Lets a full segment go that is in the segment store. */
export function releaseKeyStoreSegment(keyStore: KeyStore, n: number): void {
  invariant(keyStore.segmentStore && keyStore.segments[n] && (n + 1) * UNITS_PER_SEGMENT <= keyStore.end, 'a full segment is released once')
  keyStore.segments[n] = undefined
  while (keyStore.first < keyStore.segments.length && !keyStore.segments[keyStore.first]) keyStore.first += 1
}
