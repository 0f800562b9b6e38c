import { openPublicHttp } from '../../adapters/publicHttp/openPublicHttp.ts'
import { ECB_BYTES_MAX, openEcb } from '../../adapters/rates/ecb.ts'
import type { Clock } from '../../gateway/ports/clock.ts'
import { createReferenceBook, type ReferenceBook } from '../../gateway/treasury/rates/referenceBook.ts'
import type { GatewayConfig } from '../config/config.ts'

/** The authority whose rates books are valued by, where one is named; nobody has asked it yet. */
export function openReference({ network, rates }: Pick<GatewayConfig, 'network' | 'rates'>, clock: Clock): ReferenceBook | undefined {
  if (!rates?.ecb) return undefined
  const { url } = rates.ecb
  const localHosts = network === 'local' && url !== undefined ? [new URL(url).host] : []
  const http = openPublicHttp({ localHosts, bytesMax: ECB_BYTES_MAX, redirectsMax: 0 })
  return createReferenceBook({ source: openEcb({ http, url }), clock })
}
