/** What a bank's rail must know of its days, as its operator's bank keeps them. Times in ms. */
export type BankDays = Readonly<{
  /** The date, "2026-11-21", on which an order of this time is carried out. */
  executionDay(at: number): string
  /** When its next day begins: from then on an order is not of today any more. */
  nextDayAt(at: number): number
  /** When the payee has good funds of what is ordered at this time. */
  goodFundsAt(at: number): number
}>
