/** A rule of a protocol. `advice`: it should hold, and most clients do without it. */
export type Rule<T> = Readonly<{ rule: string; reference: string; change: string; advice?: true; holds: (asked: T) => boolean }>

/** What became of one rule at one place, such as `x402 v2 accepts[0]`. */
export type Finding = Readonly<{ where: string; rule: string; reference: string; change: string; advice: boolean; holds: boolean }>

/** What an endpoint answered; `json` is its body where that is JSON. */
export type Answered = Readonly<{ url: string; status: number; headers: Headers; json: unknown; now: number }>

/** Every rule against what was asked. */
export function findings<T>(where: string, rules: readonly Rule<T>[], asked: T): Finding[] {
  return rules.map(({ rule, reference, change, advice = false, holds }) => ({
    where,
    rule,
    reference,
    change,
    advice,
    holds: holds(asked),
  }))
}

/** A field of any JSON value. */
export function field(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((found, name) => {
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[name] : undefined // Any object may be read so.
  }, value)
}

export function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value)
}

export function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

export function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
}

export function isUrl(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value)
}

export const ADDRESS = /^0x[0-9a-fA-F]{40}$/
/** An amount in a token's smallest unit. */
export const UNITS = /^(?:0|[1-9][0-9]*)$/

export function isUncached({ headers }: Pick<Answered, 'headers'>): boolean {
  return /\bno-store\b/i.test(headers.get('cache-control') ?? '')
}
