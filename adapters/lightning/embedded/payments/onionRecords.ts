import { type RecipientOnionFields, Result_RecipientOnionFieldsNoneZ_OK, TwoTuple_u64CVec_u8ZZ } from 'lightningdevkit'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { TlvRecord } from '../../../../gateway/ports/sender.ts'

/** The onion with these records in it, in the order of their types. */
export function withRecords(onion: RecipientOnionFields, records: readonly TlvRecord[]): RecipientOnionFields {
  const sorted = records
    .map(({ type, value }) => ({ type: BigInt(type), value: Buffer.from(value, 'hex') }))
    .sort((a, b) => (a.type < b.type ? -1 : 1))
  const made = onion.with_custom_tlvs(sorted.map(({ type, value }) => TwoTuple_u64CVec_u8ZZ.constructor_new(type, value)))
  invariant(made instanceof Result_RecipientOnionFieldsNoneZ_OK, 'LDK takes records that were checked')
  return made.res
}

/** What came with a payment. */
export function recordsOf(onion: RecipientOnionFields): TlvRecord[] {
  return onion.custom_tlvs().map((record) => ({ type: String(record.get_a()), value: Buffer.from(record.get_b()).toString('hex') }))
}
