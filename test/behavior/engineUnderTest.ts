import type { LedgerEngine, LedgerQueries } from '../../gateway/ports/ledger.ts'

/** An engine that runs, with what a test needs beside it. */
export type EngineUnderTest = Readonly<{
  engine(): LedgerEngine & LedgerQueries
  /** Moves the engine's clock to this time (ns since 1970), or waits as long as its clock needs to pass as much time; holds that are due then are released. */
  moveTo(nowNs: bigint): Promise<void>
  /** True when the clock is ours: timestamps are then compared to the nanosecond, else only with each other. */
  exact: boolean
  /** Closes the engine and opens it again on what it left, where that can be done. */
  reopen(): Promise<void>
  /** What is wrong with the ledger as a whole, where the engine can tell. */
  check(): string[]
  dispose(): Promise<void>
}>
