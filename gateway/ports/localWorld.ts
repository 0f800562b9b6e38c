/** The world of a local network, as far as a test can move it. */
export type LocalWorld = Readonly<{
  /** Puts the clocks of its chains and of its bank, which ends its days, forward to a time (ms); again is harmless. Throws `rail_unavailable`. */
  moveTo: (at: number) => Promise<void>
  /** A customer pays the invoice over Lightning, as anybody would. Throws `rail_unavailable` when it cannot. */
  payInvoice: (invoice: string) => Promise<void>
  /** A customer of the bank sends so many euros ("1.00") for what the reference names; the bank books it in its next cycle. Throws the same. */
  transfer: (o: Readonly<{ amount: string; remittance: string }>) => Promise<void>
}>
