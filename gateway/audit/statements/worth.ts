import type { Money } from '../../money/money.ts'

/** What an amount was worth in the reporting currency, whose rate that is, and of when (ms): undefined where the rate has no time of its own. */
export type Worth = Readonly<{ value: Money; source: string; observedAt: number | undefined }>

/** What an amount was worth at a time (ms), by what was known then; undefined where nothing was. */
export type WorthThen = (amount: Money, at: number) => Worth | undefined
