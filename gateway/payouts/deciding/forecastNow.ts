import { createValuer } from '../../costs/valuer.ts'
import { whereAvailable } from '../../errors/gatewayError.ts'
import type { Money } from '../../money/money.ts'
import type { createGasWatch } from '../forecast/gasWatch.ts'
import { type ForecastReport, forecastReport } from '../forecast/report.ts'
import type { PayoutContext } from '../payoutState/context.ts'

/** What the next hour will cost, with dollars by the rates of now. */
export function forecastNow(
  { learned, rates, usd }: Pick<PayoutContext, 'learned' | 'rates' | 'usd'>,
  gas: ReturnType<typeof createGasWatch>,
): ForecastReport {
  const valuer = createValuer({ rate: rates.peek }, usd)
  const nano = (amount: Money) => whereAvailable(() => valuer.nano(amount, 'up'))
  return forecastReport({ gas: gas.tapes(), fees: learned.keeping.tapes, nano })
}
