import type { DayStatement } from './bankFile.ts'
import type { BankStore } from './store.ts'

/** A day with more statements keeps them as they were read. */
const OF_DAY_MAX = 100

type Edge = Pick<DayStatement, 'id' | 'opening' | 'closing'>

/** Which of them comes after `closing`: an empty one before others; where none does, the first that no other leads to. */
function nextOf(statements: readonly Edge[], closing: bigint | undefined): number {
  const fits = statements.findIndex((one) => one.opening === closing && one.closing === closing)
  const begins = fits >= 0 ? fits : statements.findIndex((one) => one.opening === closing)
  const head =
    begins >= 0 ? begins : statements.findIndex((one) => !statements.some((other) => other !== one && other.closing === one.opening))
  return head >= 0 ? head : 0
}

/** One day's statements, each beginning where the one before ended, as far as they do; `opening`: of the day. */
function inOrder<S extends Edge>(statements: readonly S[], opening: bigint | undefined): S[] {
  const left = [...statements]
  const ordered: S[] = []
  while (left.length > 0) ordered.push(...left.splice(nextOf(left, ordered.at(-1)?.closing ?? opening), 1))
  return ordered
}

/** One that comes late may fill it. */
function noteGap(store: BankStore, before: Edge | undefined, { next, at }: Readonly<{ next: Edge; at: number }>): void {
  store.endProblem(`gap:${next.id}`)
  if (!before || before.closing === next.opening) return
  const detail = `${next.id} opens with ${next.opening} units, ${before.id} closed with ${before.closing}`
  store.addProblem({ id: `gap:${next.id}`, at, what: 'a statement is missing or out of order', detail })
}

/** Adds a statement among those of its day, which may come in any order, and says which of them and after them does not begin where the one before ended. */
export function placeStatement(store: BankStore, statement: DayStatement, at: number): void {
  const { closingOn } = statement
  const lastRead = store.statementUntil(closingOn)
  store.addStatement(statement)
  const read = store.statementsOn(closingOn, OF_DAY_MAX + 1)
  const isMany = read.length > OF_DAY_MAX
  let before = isMany ? lastRead : store.statementBefore(closingOn)
  const day = isMany ? [statement] : inOrder(read, before?.closing)
  if (!isMany && day.some((one, i) => one !== read[i])) store.orderStatements(closingOn, day)
  const after = store.statementAfter(closingOn)
  for (const next of after ? [...day, after] : day) {
    noteGap(store, before, { next, at })
    before = next
  }
}
