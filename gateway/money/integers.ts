/** The smaller of two. `Math.min` takes no bigint and is refused near money. */
export function min<N extends bigint | number>(a: N, b: N): N {
  return a < b ? a : b
}

/** The larger of two. */
export function max<N extends bigint | number>(a: N, b: N): N {
  return a > b ? a : b
}

/** How often `b` goes into `a` whole. `a` is not negative, `b` is positive; what is left over stays with the caller. */
export function floorDiv(a: bigint, b: bigint): bigint {
  return a / b
}

/** The fewest `b` that cover `a`, the last of them perhaps not full. `a` is not negative, `b` is positive. */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}

/** `floorDiv` for counts, sizes and times: integers that are no amounts. */
export function floorDivCount(a: number, b: number): number {
  return (a - (a % b)) / b
}

/** `ceilDiv` for counts, sizes and times: integers that are no amounts. */
export function ceilDivCount(a: number, b: number): number {
  return floorDivCount(a + b - 1, b)
}
