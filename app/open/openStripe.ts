import type { StripeRail } from '../../adapters/stripe/rail.ts'
import { type Asset, EUR, USD } from '../../gateway/money/asset.ts'
import type { ScheduleRow } from '../../gateway/payouts/schedules/schedule.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import type { StripeConfig } from '../config/stripeConfig.ts'
import { listFee } from './feeSchedules.ts'
import { loadOptional } from './loadOptional.ts'

type Parts = Readonly<{ clock: Clock; dataFile: string; schedules: readonly ScheduleRow[] }>

/** What the account is kept in. */
export function currencyOf({ currency }: StripeConfig): Asset {
  return currency === 'EUR' ? EUR : USD
}

/** The account at Stripe. Its client is loaded only where there is one. */
export async function openStripe(s: StripeConfig, { clock, dataFile, schedules }: Parts): Promise<StripeRail> {
  const { openStripeRail } = await loadOptional('stripe', () => import('../../adapters/stripe/rail.ts'))
  return openStripeRail({
    access: { secretKey: s.secretKey, ...(s.url === undefined ? {} : { url: s.url }) },
    asset: currencyOf(s),
    returnUrl: s.returnUrl,
    feeOf: listFee(s.feeSchedule, schedules, clock),
    dataFile,
    clock,
    pollMs: s.pollMs,
  })
}
