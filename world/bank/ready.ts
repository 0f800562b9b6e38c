/** What the bank is started with, as JSON in its first argument; all optional. Amounts are decimal strings of euros. */
export type BankOptions = Readonly<{
  /** Where `outbox/` and `inbox/` are; without it a temporary folder that goes with the bank. */
  folder?: string
  /** Its books are kept in the folder, and go on where they stood. */
  keep?: boolean
  openingBalance?: string
  customerBalance?: string
  customers?: number
  /** What the bank charges our account for each transfer it sends. */
  charge?: string
  /** Time between cycles in ms; 0: only on `POST /cycle`. */
  cycleMs?: number
  /** A day ends after so many cycles; 0: only on `POST /day-end`. */
  cyclesPerDay?: number
  /** After so many days of TARGET a payee answers who is asked to give money back: one where none is said. */
  recallDays?: number
  /** The simulated date at the start, "2026-11-20". Without it today or the next TARGET day. */
  startDate?: string
}>

/** The first message of the bank's process. `rules` are beneficiaries of other banks with a documented fate. */
export type BankReady = Readonly<{
  controlUrl: string
  folder: string
  account: Readonly<{ iban: string; bic: string; name: string; townName: string; country: string }>
  customers: readonly Readonly<{ id: string; name: string; iban: string }>[]
  rules: Readonly<Record<'closedIban' | 'returnedIban' | 'silentIban' | 'refusesRecallsIban' | 'ignoresRecallsIban', string>>
}>
