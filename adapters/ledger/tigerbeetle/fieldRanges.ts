import { invariant } from '../../../gateway/errors/invariant.ts'

/** Bits of each field that is a bigint, and of each that is a number. */
type FieldRanges = Readonly<{ bigints: Readonly<Record<string, 64 | 128>>; numbers: Readonly<Record<string, 16 | 32>> }>

export const ACCOUNT_RANGES: FieldRanges = {
  bigints: {
    id: 128,
    userData128: 128,
    userData64: 64,
    timestamp: 64,
    debitsPending: 128,
    debitsPosted: 128,
    creditsPending: 128,
    creditsPosted: 128,
  },
  numbers: { userData32: 32, reserved: 32, ledger: 32, code: 16, flags: 16 },
}

export const TRANSFER_RANGES: FieldRanges = {
  bigints: {
    id: 128,
    debitAccountId: 128,
    creditAccountId: 128,
    amount: 128,
    pendingId: 128,
    userData128: 128,
    userData64: 64,
    timestamp: 64,
  },
  numbers: { userData32: 32, timeout: 32, ledger: 32, code: 16, flags: 16 },
}

export const FILTER_RANGES: FieldRanges = {
  bigints: { accountId: 128, userData128: 128, userData64: 64, timestampMin: 64, timestampMax: 64 },
  numbers: { userData32: 32, ledger: 32, code: 16, limit: 32, flags: 32 },
}

/**
 * Stops on a value that its field can not hold. The client would wrap some of them silently: a ledger of 2^32 + 1 would become ledger 1, and a timeout
 * of -1 one of 136 years. Fields may be left out.
 */
export function checkFields(what: string, event: object, { bigints, numbers }: FieldRanges): void {
  for (const [field, value] of Object.entries(event)) {
    const wide = bigints[field]
    const narrow = numbers[field]
    if (value === undefined || (!wide && !narrow)) continue
    const fits = wide ? fitsBigint(value, wide) : isWhole(value, narrow)
    invariant(fits, `${what} field range: ${field} can not be ${String(value)}`)
  }
}

function fitsBigint(value: unknown, bits: 64 | 128): boolean {
  return typeof value === 'bigint' && value >= 0n && value >> BigInt(bits) === 0n
}

function isWhole(value: unknown, bits: 16 | 32 | undefined): boolean {
  return bits !== undefined && typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** bits
}
