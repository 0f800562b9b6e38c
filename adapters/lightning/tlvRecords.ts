import type { TlvRecord } from '../../gateway/ports/sender.ts'

/** BOLT 1: types below are the protocol's own. */
const TYPE_MIN = 65_536n
const TYPE_MAX = 2n ** 64n - 1n
/** The record that carries a keysend's preimage. */
const KEYSEND_TYPE = 5_482_373_484n
/** An onion has 1,300 bytes for all hops together; this leaves room for some ten of them. */
const BYTES_MAX = 600
const HEX = /^(?:[0-9a-f]{2})*$/

/** Why these records can not be sent along, or undefined. */
export function refusedRecords(records: readonly TlvRecord[]): string | undefined {
  if (!records.every(({ type, value }) => /^\d{5,20}$/.test(type) && HEX.test(value)))
    return 'a record has a decimal type and a value in hex'
  const types = records.map(({ type }) => BigInt(type))
  if (types.some((type) => type < TYPE_MIN || type > TYPE_MAX || type === KEYSEND_TYPE))
    return `a record's type is at least ${TYPE_MIN} and not the keysend's own`
  if (new Set(types).size < types.length) return 'two records have one type'
  const bytes = records.reduce((sum, { value }) => sum + value.length / 2, 0)
  return bytes > BYTES_MAX ? `the records hold ${bytes} bytes, ${BYTES_MAX} fit` : undefined
}

/** True when the payer says that a payee who does not know this record must not take the payment (BOLT 1: it's OK to be odd). */
export function mustBeKnown({ type }: TlvRecord): boolean {
  return BigInt(type) % 2n === 0n
}
