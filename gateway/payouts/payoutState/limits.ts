/** How much may be under way for one party, or to one payee. */
type Share = Readonly<{
  /** Payouts without an end; one more is refused with `too_many_open`. */
  openMax: number
  /** What they are worth together, in nano-USD. */
  openNanoMax: bigint
  /** Payments that hold a slot of our Lightning channels, of which a channel has 483; one more waits. */
  slotsMax: number
  /** Slots times hours that payments may hold them, in a day and in reserve. */
  slotHoursADay: number
}>

/** A payee may have more than a party: nobody fills alone what others need to pay the same payee. */
export type PayoutLimits = Readonly<{
  party: Share
  payee: Share
  /** What ends within it counts for no slot-hours. */
  slotGraceMs: number
}>

export const payoutLimits: PayoutLimits = {
  party: { openMax: 500, openNanoMax: 50_000_000_000_000n, slotsMax: 48, slotHoursADay: 24 }, // 50,000 USD
  payee: { openMax: 1_000, openNanoMax: 100_000_000_000_000n, slotsMax: 96, slotHoursADay: 48 },
  slotGraceMs: 10_000,
}
