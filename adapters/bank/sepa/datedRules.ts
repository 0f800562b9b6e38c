/** A rule of the scheme that its schemas do not know, and the day from which banks refuse what breaks it. */
type DatedRule = Readonly<{ from: string; source: string }>

/** A new row is a rule of its day: what is written before it stays as it was. Each has one user, which names it. */
const DATED_RULES = {
  /** A postal address names its town and country in elements of their own; lines of text alone are refused, at most two beside them are not. */
  structuredAddress: { from: '2026-11-15', source: 'European Payments Council, SEPA rulebooks of 2025: unstructured addresses end' },
} as const satisfies Readonly<Record<string, DatedRule>>

type RuleName = keyof typeof DATED_RULES

/** Where the rule stands on that day ("2026-11-15"): in words with its source, or nothing before it is in force. */
export function ruleInForce(name: RuleName, day: string): string | undefined {
  const { from, source } = DATED_RULES[name]
  return day < from ? undefined : `since ${from} (${source})`
}
