import { openAchRail } from '../../adapters/bank/achRail.ts'
import { openBankRail } from '../../adapters/bank/rail.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import type { ScheduleRow } from '../../gateway/payouts/schedules/schedule.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { GatewayConfig } from '../config/config.ts'
import { bankFee, listFee } from './feeSchedules.ts'

type Parts = Readonly<{ clock: Clock; dataFile: string; schedules: readonly ScheduleRow[] }>

/** The account in euros. */
export function openBank(b: NonNullable<GatewayConfig['bank']>, { clock, dataFile, schedules }: Parts) {
  return openBankRail({
    folder: b.folder,
    asset: EUR,
    dataFile,
    clock,
    days: daysOf(b.service === 'instant' ? 'sepa_instant' : 'sepa'),
    service: b.service,
    feeOf: bankFee(b, schedules, clock),
    pollMs: b.pollMs,
    account: bankAccount(b.account),
    ...(b.settlementSeconds ? { settlementSeconds: BigInt(b.settlementSeconds) } : {}),
  })
}

/** The configured account; what is not given is left out. */
function bankAccount(a: NonNullable<GatewayConfig['bank']>['account']) {
  const { iban, name, country, bic, townName, addressLines } = a
  return { iban, name, country, ...(bic ? { bic } : {}), ...(townName ? { townName } : {}), ...(addressLines ? { addressLines } : {}) }
}

/** The account in dollars, with a way for the same day where the bank takes files for it. */
export function openUsBank(b: NonNullable<GatewayConfig['usBank']>, { clock, dataFile, schedules }: Parts) {
  const { folder, account, sameDay, pollMs, purpose, description, balanced, settlementSeconds } = b
  return openAchRail({
    folder,
    account,
    dataFile,
    clock,
    pollMs,
    gatherMs: b.gatherSeconds * 1_000,
    wording: { purpose, usual: description, balanced },
    ordinary: { days: daysOf('ach'), feeOf: listFee(b.feeSchedule, schedules, clock) },
    ...(sameDay && { sameDay: { days: daysOf('ach_same_day'), feeOf: listFee(sameDay.feeSchedule, schedules, clock) } }),
    ...(settlementSeconds ? { settlementSeconds: BigInt(settlementSeconds) } : {}),
  })
}
