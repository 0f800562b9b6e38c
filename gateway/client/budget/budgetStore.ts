/**
 * Where a budget remembers what was spent: any key-value store that can write on condition. Several payers that share one cannot overspend together,
 * because of two calls that are made at once with the same `expected`, one writes.
 */
export interface BudgetStore {
  /** The value, or undefined when none was written. */
  get(key: string): Promise<string | undefined>
  /**
   * Writes `value` if the key still holds `expected` (undefined: nothing yet), and answers whether it did. Answers only when it is durable. Throwing
   * means that it may or may not be written.
   */
  set(key: string, value: string, expected: string | undefined): Promise<boolean>
}
