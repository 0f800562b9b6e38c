/** What sellers may have done for them, each of them, and what they are charged for it. */
export type FacilitatorLimits = Readonly<{
  /** On top of the gas that is expected, in units of USD (6 places). */
  feeUnits: bigint
  /** Payments taken in a day (UTC). */
  perDay: number
  /** Payments without an end. */
  inFlight: number
  /** Payments taken in a day that come to nothing: each may have burnt gas. */
  failedPerDay: number
  /** How long the caller of `/settle` waits for a block. */
  waitMs: number
}>

export const facilitatorLimits: FacilitatorLimits = {
  feeUnits: 1_000n, // 0.001 USD
  perDay: 100_000,
  inFlight: 500,
  failedPerDay: 100,
  waitMs: 15_000,
}

/** Of all sellers together; beyond it nothing is taken. */
export const OPEN_MAX = 10_000
