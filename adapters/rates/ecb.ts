import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { z } from 'zod'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'
import { type Ratio, readRatio } from '../../gateway/money/ratio.ts'
import type { PublicHttp } from '../../gateway/ports/publicHttp.ts'
import type { ReferenceDay, ReferenceRates } from '../../gateway/ports/referenceRates.ts'

const ECB_URL = 'https://www.ecb.europa.eu'
/** Three months of thirty currencies are about 100 kB. */
export const ECB_BYTES_MAX = 500_000

const PATHS = { last: '/stats/eurofxref/eurofxref-daily.xml', months: '/stats/eurofxref/eurofxref-hist-90d.xml' } as const
const DAYS_MAX = 100
const CURRENCIES_MAX = 100

const row = z.object({ '@currency': z.string().regex(/^[A-Z]{3}$/), '@rate': z.string() })
const day = z.object({ '@time': z.iso.date(), Cube: z.array(row).min(1).max(CURRENCIES_MAX) })
const envelope = z.object({
  'gesmes:Envelope': z.object({ Cube: z.tuple([z.object({ Cube: z.array(day).min(1).max(DAYS_MAX) })]) }),
})

/** What the European Central Bank writes has neither entities nor a DTD: none is read. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  maxNestedTags: 8,
  isArray: (name, _path, _leaf, isAttribute) => !isAttribute && name === 'Cube',
})

/** The euro's reference rates of the European Central Bank, of each TARGET day at about 16:00 in Frankfurt. `url`: another place where they are had. */
export function openEcb({ http, url = ECB_URL }: Readonly<{ http: PublicHttp; url?: string | undefined }>): ReferenceRates {
  return {
    name: 'ecb',
    async days(which, { signal }) {
      const { status, body } = await http.get(new URL(`${url}${PATHS[which]}`), { signal })
      if (status !== 200) throw new GatewayError('destination_unreachable', `ecb answers ${status}`)
      const read = readDays(body)
      if (!read) throw new GatewayError('destination_unreachable', 'ecb answers what are no reference rates')
      return read
    },
  }
}

/** Undefined for what is not such a file: of one line that is wrong the rest is not believed either. */
export function readDays(text: string): readonly ReferenceDay[] | undefined {
  if (/<!(?!--)|&/.test(text) || XMLValidator.validate(text) !== true) return undefined
  const { data } = envelope.safeParse(parser.parse(text))
  if (!data) return undefined
  const days: ReferenceDay[] = []
  for (const { '@time': date, Cube } of data['gesmes:Envelope'].Cube[0].Cube) {
    const perEuro = new Map<string, Ratio>()
    for (const { '@currency': code, '@rate': rate } of Cube) {
      const ratio = readRatio(rate)
      if (!ratio || perEuro.has(code)) return undefined
      perEuro.set(code, ratio)
    }
    days.push({ date, perEuro })
  }
  return new Set(days.map(({ date }) => date)).size === days.length ? days : undefined
}
