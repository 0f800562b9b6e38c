import type { GasFigure } from './gasFigure.ts'

/** A row may use this many thousandths more than the page says. */
const TOLERATED_PER_MILLE = 5n

/** What is worse than the page says, or not on it: one sentence each. */
export function regressions(committed: ReadonlyMap<string, bigint>, measured: readonly GasFigure[]): string[] {
  const gone = [...committed.keys()].filter((id) => !measured.some((figure) => figure.id === id))
  const worse = measured.flatMap(({ id, gas }) => {
    const before = committed.get(id)
    if (before === undefined) return [`${id} is measured and not on the page`]
    return gas * 1000n > before * (1000n + TOLERATED_PER_MILLE) ? [`${id} uses ${gas} gas, the page says ${before}`] : []
  })
  return [...gone.map((id) => `${id} is on the page and not measured`), ...worse]
}
