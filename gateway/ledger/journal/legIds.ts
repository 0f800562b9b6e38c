import { invariant } from '../../errors/invariant.ts'
import type { LegId } from '../../ports/books.ts'
import type { EntryId } from '../../ports/ids.ts'
import { endsInHex128 } from './hexBits.ts'

/** Most legs of an entry: fits the smallest batch of a TigerBeetle server (253) and the last byte of an id. */
export const LEGS_MAX = 250

const PREFIX = 'en_'

/** True for `en_` and 32 hex digits. */
export function isEntryId(id: string): id is EntryId {
  return id.startsWith(PREFIX) && endsInHex128(id, PREFIX.length)
}

/** An entry's id as 128 bits with the last 8 zero: they name the leg. Two entries whose ids differ only there would be the same entry. */
export function entryBase(id: EntryId): bigint {
  invariant(isEntryId(id), () => `${id.slice(0, 60)} is an entry id: en_ and 32 hex digits`)
  return (BigInt(`0x${id.slice(3)}`) >> 8n) << 8n
}

/** The id of a leg's transfer: the first 120 bits of the entry's id, then the leg's place in 8 bits. */
export function transferId(leg: LegId): bigint {
  invariant(Number.isInteger(leg.leg) && leg.leg >= 0 && leg.leg < LEGS_MAX, () => `leg ${leg.leg} is between 0 and ${LEGS_MAX - 1}`)
  return entryBase(leg.entry) | BigInt(leg.leg)
}

/** What an entry is filed under: the 30 hex digits that its legs' transfer ids share. */
export function entryKey(id: EntryId): string {
  return id.slice(3, 33)
}

/** The key of the entry that a transfer belongs to, and which leg it is. */
export function splitTransferId(id: bigint): Readonly<{ key: string; leg: number }> {
  return { key: (id >> 8n).toString(16).padStart(30, '0'), leg: Number(id & 0xffn) } // not money: a leg's place, 8 bits
}
