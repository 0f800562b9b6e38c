/** What one operation used: the gas of a whole transaction divided by the payments, claims or rows in it. `target` is gas per unit, from the plan. */
export type GasFigure = Readonly<{ id: string; operation: string; gas: bigint; target?: bigint; note?: string }>

/** Gas per row of a transaction of `rows` rows, rounded to the next unit of gas. */
export function each(gas: bigint, rows: number): bigint {
  return (gas + BigInt(rows) / 2n) / BigInt(rows)
}
