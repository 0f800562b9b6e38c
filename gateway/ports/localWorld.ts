/** The world of a local network, as far as a test can move it. */
export type LocalWorld = Readonly<{
  /** Puts the clocks of its chains and of its bank, which ends its days, forward to a time (ms); again is harmless. Throws `rail_unavailable`. */
  moveTo: (at: number) => Promise<void>
}>
