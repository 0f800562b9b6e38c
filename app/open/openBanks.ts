import { openAchRail } from '../../adapters/bank/achRail.ts'
import { startCarrier } from '../../adapters/bank/carrier/carrier.ts'
import type { Problem } from '../../adapters/bank/files/store.ts'
import { openBankRail } from '../../adapters/bank/rail.ts'
import { EUR } from '../../gateway/money/asset.ts'
import { daysOf } from '../../gateway/payouts/calendar/schemes.ts'
import type { ScheduleRow } from '../../gateway/payouts/schedules/schedule.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { GatewayConfig } from '../config/config.ts'
import type { SftpConfig } from '../config/sftpConfig.ts'
import { connectBank } from './connectBank.ts'
import { bankFee, listFee } from './feeSchedules.ts'

type Parts = Readonly<{ clock: Clock; dataFile: string; schedules: readonly ScheduleRow[] }>

/** The account in euros. */
export async function openBank(b: NonNullable<GatewayConfig['bank']>, { clock, dataFile, schedules }: Parts) {
  const rail = await openBankRail({
    folder: b.folder,
    asset: EUR,
    dataFile,
    clock,
    days: daysOf(b.service === 'instant' ? 'sepa_instant' : 'sepa'),
    bankingDays: daysOf('sepa'),
    service: b.service,
    feeOf: bankFee(b, schedules, clock),
    pollMs: b.pollMs,
    account: bankAccount(b.account),
    ...(b.settlementSeconds ? { settlementSeconds: BigInt(b.settlementSeconds) } : {}),
  })
  return withCarrier(rail, b, clock)
}

/** The configured account; what is not given is left out. */
function bankAccount(a: NonNullable<GatewayConfig['bank']>['account']) {
  const { iban, name, country, bic, townName, addressLines } = a
  return { iban, name, country, ...(bic ? { bic } : {}), ...(townName ? { townName } : {}), ...(addressLines ? { addressLines } : {}) }
}

/** The account in dollars, with a way for the same day where the bank takes files for it. */
export async function openUsBank(b: NonNullable<GatewayConfig['usBank']>, { clock, dataFile, schedules }: Parts) {
  const { folder, account, sameDay, pollMs, purpose, description, balanced, settlementSeconds } = b
  const rail = await openAchRail({
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
  return withCarrier(rail, b, clock)
}

type FileRail = Readonly<{ problems: () => readonly Problem[]; close: () => Promise<void> }>

/** The rail with its files carried by SFTP, where the configuration names a server. */
async function withCarrier<Rail extends FileRail>(
  rail: Rail,
  from: Readonly<{ folder: string; sftp?: SftpConfig | undefined }>,
  clock: Clock,
): Promise<Rail> {
  const { folder, sftp } = from
  if (!sftp) return rail
  const carrier = await startCarrier({ folder, far: sftp, pollMs: sftp.pollMs, now: clock.now, connect: () => connectBank(sftp) }).catch(
    async (error: unknown) => {
      await rail.close()
      throw error
    },
  )
  return {
    ...rail,
    problems: () => [...carrier.problems(), ...rail.problems()],
    async close() {
      await carrier.close()
      await rail.close()
    },
  }
}
