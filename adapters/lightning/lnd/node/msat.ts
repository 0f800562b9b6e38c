import { invariant } from '../../../../gateway/errors/invariant.ts'

/** Whole satoshi, as the client gives them in numbers, in msat. LND rounds them down where it keeps msat itself. */
export function satsToMsat(sats: number): bigint {
  invariant(Number.isSafeInteger(sats), 'satoshi are whole')
  return BigInt(sats) * 1_000n
}
