/** What a route may cost at most is not known before its amount is: so much is kept back for it. */
const FEE_PERCENT = 1n
const FEE_MSAT = 10_000n

/** What one payment may be where so much can leave, its fee included. */
export function roomMsat(availableMsat: bigint): bigint {
  const room = availableMsat - (availableMsat * FEE_PERCENT) / 100n - FEE_MSAT
  return room > 0n ? room : 0n
}
