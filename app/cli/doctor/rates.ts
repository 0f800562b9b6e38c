import { ratePolicy } from '../../../gateway/treasury/rates/policy.ts'
import type { GatewayConfig } from '../../config/config.ts'
import { openLiveRates, priceText } from '../../open/openRates.ts'
import { uuidIds } from '../../open/uuidIds.ts'
import { bad, type Finding, good, warn } from './finding.ts'

/** What exchanges say now, asset by asset; and that prices stand still where nobody asks any. */
export async function rateFindings({ network, rates, evm }: GatewayConfig): Promise<Finding[]> {
  if (!rates) return network === 'local' ? [] : [standing()]
  const clock = { now: () => Date.now() }
  const live = openLiveRates(rates, { clock, ids: uuidIds(clock), network, evm })
  await live.round()
  await live.close()
  return live.prices().flatMap((view): Finding[] => {
    if (view.kind === 'fixed') return []
    const faults = view.sources.flatMap(({ source, verdict, fault }) => (verdict === 'used' ? [] : [fault ?? `${source} ${verdict}`]))
    const detail = [priceText(view), ...faults].join('; ')
    if (view.kind === 'unavailable')
      return [bad('rates', detail, 'See that this machine reaches the exchanges of rates.sources: docs/rates.md.')]
    const used = view.sources.length - faults.length
    if (used >= ratePolicy(rates).enough) return [good('rates', detail)]
    return [warn('rates', detail, 'One exchange fewer, and there is no price: see why the others are not counted.')]
  })
}

function standing(): Finding {
  return warn('rates', 'prices stand still as they are configured', 'Give rates in place of prices to ask exchanges: docs/rates.md.')
}
