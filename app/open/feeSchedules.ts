import { readFileSync } from 'node:fs'
import { STRIPE_RAIL } from '../../adapters/stripe/destination.ts'
import { isFileMissing } from '../../gateway/errors/fileMissing.ts'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { type Asset, EUR, USD } from '../../gateway/money/asset.ts'
import { type Money, parseAmount } from '../../gateway/money/money.ts'
import { readSchedules, requireNow, withOwn } from '../../gateway/payouts/schedules/readSchedules.ts'
import { feeOf, lastBegun, rowAt, type ScheduleRow } from '../../gateway/payouts/schedules/schedule.ts'
import { shippedSchedules } from '../../gateway/payouts/schedules/shippedSchedules.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { GatewayConfig } from '../config/config.ts'

/** The shipped lists of fees, and the operator's own in their place. Refuses a file that is not in order, and a list that is used without a row of today. */
export function openFeeSchedules({ feeSchedules, bank, usBank, stripe, payouts }: GatewayConfig, at: number): ScheduleRow[] {
  const rows = feeSchedules === undefined ? shippedSchedules() : withOwn(shippedSchedules(), ownSchedules(feeSchedules))
  if (bank?.feeSchedule !== undefined) requireIn(rows, { setting: 'bank.feeSchedule', name: bank.feeSchedule, asset: EUR, at })
  if (usBank) requireIn(rows, { setting: 'usBank.feeSchedule', name: usBank.feeSchedule, asset: USD, at })
  if (usBank?.sameDay) requireIn(rows, { setting: 'usBank.sameDay.feeSchedule', name: usBank.sameDay.feeSchedule, asset: USD, at })
  for (const list of [...Object.values(payouts?.feeLists ?? {}), ...(stripe ? [stripe.feeSchedule] : [])]) requireNow(rows, list, at)
  return rows
}

type Named = Readonly<{ setting: string; name: string; asset: Asset; at: number }>

/** A bank is paid in the money of its account. */
function requireIn(rows: readonly ScheduleRow[], { setting, name, asset, at }: Named): void {
  requireNow(rows, name, at)
  const foreign = rows.find((row) => row.schedule === name && row.asset.id !== asset.id)
  if (foreign) throw refused(`${setting} names ${name}, which is in ${foreign.asset.code}; the bank is paid in ${asset.code}`)
}

/** What the bank charges a transfer of so much now: by its list, or always the same. */
export function bankFee({ feeEur, feeSchedule }: NonNullable<GatewayConfig['bank']>, rows: readonly ScheduleRow[], clock: Clock) {
  if (feeSchedule === undefined) {
    const fee = parseAmount(feeEur ?? '0', EUR)
    return () => fee
  }
  return listFee(feeSchedule, rows, clock)
}

/** What a list says of a transfer of so much now, by the row of today or the last that began. */
export function listFee(list: string, rows: readonly ScheduleRow[], clock: Clock) {
  return (amount: Money): Money => {
    const row = rowAt(rows, list, clock.now()) ?? lastBegun(rows, list, clock.now())
    if (!row) throw refused(`${list} has no row that has begun`)
    return feeOf(row, amount)
  }
}

/** What a person should see: a rail is still priced by a row whose time is over. */
export function scheduleProblems({ bank, usBank, stripe, payouts }: GatewayConfig, rows: readonly ScheduleRow[], at: number) {
  const us = usBank && { 'bank:us': usBank.feeSchedule, ...(usBank.sameDay && { 'bank:us-same-day': usBank.sameDay.feeSchedule }) }
  const used = {
    ...(bank?.feeSchedule !== undefined && { bank: bank.feeSchedule }),
    ...us,
    ...(stripe && { [STRIPE_RAIL]: stripe.feeSchedule }),
    ...payouts?.feeLists,
  }
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
    hint: 'Correct feeSchedules, bank.feeSchedule or usBank.feeSchedule; docs/routing.md has the form of a row.',
  })
}
