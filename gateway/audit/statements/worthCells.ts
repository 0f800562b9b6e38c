import { formatAmount } from '../../money/money.ts'
import { textCell } from './csv.ts'
import type { Worth } from './worth.ts'

export const WORTH_COLUMNS = ['value', 'value_currency', 'rate_source', 'rate_at', 'rate_age_s'] as const

const MS_PER_S = 1_000

/** What something was worth at a time (ms), whose rate that is and how old it was then; empty where no rate is known. */
export function worthCells(worth: Worth | undefined, at: number): string[] {
  if (!worth) return ['', '', 'no rate is known', '', '']
  const { value, source, observedAt } = worth
  const dated = observedAt === undefined ? ['', ''] : [new Date(observedAt).toISOString(), `${Math.round((at - observedAt) / MS_PER_S)}`] // not money: a time
  return [formatAmount(value), value.asset.code, textCell(source), ...dated]
}
