/** An account of the other side, an amount in cents, a part of a reference or of a text, a day of the bank: all that are named must be so. */
export type FaultMatch = Readonly<{ cents?: bigint; account?: string; reference?: string; day?: string }>

/** What goes wrong with an order of ours; `days` are the bank's own. `change`: an ACH notification of change, of a bank of the US alone. */
type OrderFault =
  | Readonly<{ kind: 'reject'; code: string }>
  | Readonly<{ kind: 'return'; code: string; days: number }>
  | Readonly<{ kind: 'change'; code: string; to: string }>

/** What goes wrong with a booking, ordered or received. */
type BookingFault =
  | Readonly<{ kind: 'never' | 'twice' | 'other_side' }>
  /** It is on the statement of a later day, and not on its own one. */
  | Readonly<{ kind: 'late'; days: number }>
  /** It is on its statement, with a day that has not come. */
  | Readonly<{ kind: 'future'; days: number }>
  | Readonly<{ kind: 'amount'; cents: bigint }>
  /** Kept from what came, or taken beside what went in one sum with it. */
  | Readonly<{ kind: 'fee_deducted' | 'fee_line'; cents: bigint }>

/** What goes wrong with a day: a line that nobody ordered, or its statement. */
type DayFault =
  | Readonly<{ kind: 'line'; side: 'credit' | 'debit'; cents: bigint; text: string }>
  /** The same file twice; after that of the next day; so many days late. */
  | Readonly<{ kind: 'statement_twice' | 'statement_after_next' }>
  | Readonly<{ kind: 'statement_late'; days: number }>
  /** Lines in another currency, or half of the file; the right one comes a day later. */
  | Readonly<{ kind: 'statement_currency' | 'statement_cut' }>

export type Fault = OrderFault | BookingFault | DayFault

/** `times`: how often, once without it. */
export type FaultRule = Readonly<{ match: FaultMatch; fault: Fault; times?: number }>

/** One booking as rules look at it. */
type Looked = Readonly<{ cents?: bigint; accounts?: readonly string[]; names?: readonly string[]; day: string }>

export type Faults = ReturnType<typeof createFaults>

const RULES_MAX = 1_000

const ORDER = ['reject', 'return', 'change'] as const
const BOOKING = ['never', 'twice', 'other_side', 'late', 'future', 'amount', 'fee_deducted', 'fee_line'] as const
const STATEMENT = ['statement_twice', 'statement_after_next', 'statement_late', 'statement_currency', 'statement_cut'] as const

/** The rules of a bank, in the order in which they came: the first that is left and fits is used up by one. */
export function createFaults(first: readonly FaultRule[] = []) {
  const rules: { rule: FaultRule; left: number }[] = []

  function take<K extends Fault['kind']>(kinds: readonly K[], about: Looked): Extract<Fault, { kind: K }> | undefined {
    const found = rules.find(({ rule, left }) => left > 0 && kinds.some((kind) => kind === rule.fault.kind) && fits(rule.match, about))
    if (!found) return undefined
    found.left -= 1
    return found.rule.fault as Extract<Fault, { kind: K }> // It is of one of these kinds.
  }

  function add(rule: FaultRule): string | undefined {
    if (rules.length >= RULES_MAX) return `there are ${RULES_MAX} rules already`
    rules.push({ rule, left: rule.times ?? 1 })
    return undefined
  }
  for (const rule of first) add(rule)

  return {
    /** Says why not. */
    add,
    left: (): readonly Readonly<{ rule: FaultRule; left: number }>[] => rules,
    ofOrder: <K extends (typeof ORDER)[number]>(kinds: readonly K[], about: Looked) => take(kinds, about),
    ofBooking: (about: Looked) => take(BOOKING, about),
    /** Lines of this day that nobody ordered. */
    linesOf(day: string): Extract<Fault, { kind: 'line' }>[] {
      const lines: Extract<Fault, { kind: 'line' }>[] = []
      for (let line = take(['line'], { day }); line; line = take(['line'], { day })) lines.push(line)
      return lines
    },
    ofStatement: (day: string) => take(STATEMENT, { day }),
  }
}

function fits({ cents, account, reference, day }: FaultMatch, about: Looked): boolean {
  return (
    (cents === undefined || cents === about.cents) &&
    (account === undefined || (about.accounts?.includes(account) ?? false)) &&
    (reference === undefined || (about.names?.some((name) => name.includes(reference)) ?? false)) &&
    (day === undefined || day === about.day)
  )
}

type Line = Readonly<{ credit: boolean; cents: bigint }>
/** What a bank makes of one booking: what stands on today's statement, and what on that of a later day. */
type FaultyLine<L extends Line> = Readonly<{ line: L; days: number }>

/** `again`: the same line under another reference. `fee`: a line of what the bank keeps. `on`: with another day. */
export function faultyLines<L extends Line>(
  line: L,
  fault: ReturnType<Faults['ofBooking']>,
  o: Readonly<{ again: (line: L) => L; fee: (cents: bigint) => L; on: (line: L, days: number) => L }>,
): FaultyLine<L>[] {
  const today = (...lines: L[]) => lines.map((one) => ({ line: one, days: 0 }))
  switch (fault?.kind) {
    case undefined:
      return today(line)
    case 'never':
      return []
    case 'twice':
      return today(line, o.again(line))
    case 'other_side':
      return today({ ...line, credit: !line.credit })
    case 'late':
      return [{ line, days: fault.days }]
    case 'future':
      return today(o.on(line, fault.days))
    case 'amount':
      return today({ ...line, cents: fault.cents })
    case 'fee_deducted':
      return today({ ...line, cents: line.credit ? line.cents - fault.cents : line.cents + fault.cents })
    case 'fee_line':
      return today(line, o.fee(fault.cents))
  }
}

/** What these lines make an account richer by. */
export function sumOf(lines: readonly Line[]): bigint {
  return lines.reduce((sum, { credit, cents }) => (credit ? sum + cents : sum - cents), 0n)
}
