import { readFileSync } from 'node:fs'
import { isFileMissing } from '../../gateway/errors/fileMissing.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { type Money, parseAmount } from '../../gateway/money/money.ts'
import { readSchedules, requireNow, withOwn } from '../../gateway/payouts/schedules/readSchedules.ts'
import { feeOf, lastBegun, rowAt, type ScheduleRow } from '../../gateway/payouts/schedules/schedule.ts'
import { shippedSchedules } from '../../gateway/payouts/schedules/shippedSchedules.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { GatewayConfig } from '../config/config.ts'

/** The shipped lists of fees, and the operator's own in their place. Refuses a file that is not in order, and a list that is used without a row of today. */
export function openFeeSchedules({ feeSchedules, bank, payouts }: GatewayConfig, at: number): ScheduleRow[] {
  const rows = feeSchedules === undefined ? shippedSchedules() : withOwn(shippedSchedules(), ownSchedules(feeSchedules))
  if (bank?.feeSchedule !== undefined) {
    requireNow(rows, bank.feeSchedule, at)
    const foreign = rows.find(({ schedule, asset }) => schedule === bank.feeSchedule && asset.id !== EUR.id)
    if (foreign) throw refused(`bank.feeSchedule names ${foreign.schedule}, which is in ${foreign.asset.code}; the bank is paid in EUR`)
  }
  for (const list of Object.values(payouts?.feeLists ?? {})) requireNow(rows, list, at)
  return rows
}

/** What the bank charges a transfer of so much now: by its list, or always the same. */
export function bankFee({ feeEur, feeSchedule }: NonNullable<GatewayConfig['bank']>, rows: readonly ScheduleRow[], clock: Clock) {
  if (feeSchedule === undefined) {
    const fee = parseAmount(feeEur ?? '0', EUR)
    return () => fee
  }
  return (amount: Money): Money => {
    const row = rowAt(rows, feeSchedule, clock.now()) ?? lastBegun(rows, feeSchedule, clock.now())
    if (!row) throw refused(`${feeSchedule} has no row that has begun`)
    return feeOf(row, amount)
  }
}

/** What a person should see: a rail is still priced by a row whose time is over. */
export function scheduleProblems({ bank, payouts }: GatewayConfig, rows: readonly ScheduleRow[], at: number) {
  const used = { ...(bank?.feeSchedule !== undefined && { bank: bank.feeSchedule }), ...payouts?.feeLists }
  return Object.entries(used).flatMap(([rail, name]) => {
    if (rowAt(rows, name, at)) return []
    const ended = lastBegun(rows, name, at)
    const detail = `${name} ended on ${ended?.until}; its last prices are used until feeSchedules has a row for today`
    return [{ rail, what: 'the list of fees has expired', detail }]
  })
}

function ownSchedules(path: string): ScheduleRow[] {
  try {
    return readSchedules(readFileSync(path, 'utf8'), path)
  } catch (error) {
    if (isFileMissing(error)) throw refused(`feeSchedules names ${path}, which is not there`)
    throw error
  }
}

function refused(message: string): GatewayError {
  return new GatewayError('unsafe_configuration', message, {
    hint: 'Correct feeSchedules or bank.feeSchedule; docs/routing.md has the form of a row.',
  })
}
