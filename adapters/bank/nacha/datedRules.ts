/** A rule of the network that holds from a day on, in New York. `source`: who says so. */
type DatedRule<T> = Readonly<{ from: string; source: string; value: T }>

/** What one same-day entry may carry, in cents. Newest last. */
const SAME_DAY_MAX: readonly DatedRule<bigint>[] = [
  { from: '2016-09-23', source: 'Nacha, Same Day ACH, phase 1', value: 2_500_000n },
  { from: '2020-03-20', source: 'Nacha, Increasing the Same Day ACH Dollar Limit', value: 10_000_000n },
  { from: '2022-03-18', source: 'Nacha, Increasing the Same Day ACH Dollar Limit to $1 Million', value: 100_000_000n },
]

/** What money is for, where the network asks for a word of its own. */
export type Purpose = 'wages' | 'purchase' | 'other'

/** The company entry description of a purpose: PPD credits of wages, WEB debits of what was bought on the internet. */
const DESCRIPTIONS: Readonly<Record<Exclude<Purpose, 'other'>, DatedRule<string>>> = {
  wages: { from: '2026-03-20', source: 'Nacha, Risk Management Topics: Company Entry Descriptions', value: 'PAYROLL' },
  purchase: { from: '2026-03-20', source: 'Nacha, Risk Management Topics: Company Entry Descriptions', value: 'PURCHASE' },
}

function ruleOn<T>(rules: readonly DatedRule<T>[], on: string): T | undefined {
  return rules.findLast(({ from }) => from <= on)?.value
}

/** The most cents that may go on the same day, or undefined before the network had such a day. */
export function sameDayMax(on: string): bigint | undefined {
  return ruleOn(SAME_DAY_MAX, on)
}

/** The company entry description of this day: the network's word where it has one by then, else the sender's own. */
export function descriptionOf(purpose: Purpose, { on, usual }: Readonly<{ on: string; usual: string }>): string {
  if (purpose === 'other') return usual
  return ruleOn([DESCRIPTIONS[purpose]], on) ?? usual
}
