/** How batches are taken and driven. */
export type BatchPolicy = Readonly<{
  /** Rows of one batch at most. */
  rowsMax: number
  /** Rows that may be refused where the others are to be paid; with more the whole batch is. */
  refusedMax: number
  /** Batches that one party may have without an end. */
  openOfOneMax: number
  /** Batches without an end, of all parties. */
  openMax: number
  /** Rows of all batches without an end. No party has more of them than stay free. */
  openRowsMax: number
  /** Characters that their rows take together. */
  openTextMax: number
  /** Rows that become payouts at once. */
  chunk: number
  /** How long to wait for room, in ms. */
  retryMs: number
  /** Batches that are worked on at once; the others queue. */
  lanes: number
}>

export const batchPolicy: BatchPolicy = {
  rowsMax: 10_000,
  refusedMax: 200,
  openOfOneMax: 4,
  openMax: 1_000,
  openRowsMax: 40_000,
  openTextMax: 32 * 1024 * 1024,
  chunk: 64,
  retryMs: 1_000,
  lanes: 8,
}
