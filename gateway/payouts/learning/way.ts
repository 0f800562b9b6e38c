import type { NanoUsd } from '../../costs/policy.ts'
import type { RailName } from '../../ports/railName.ts'
import type { Destination } from '../../ports/sender.ts'

/** What a try is learned by. All but the payee are things that the operator has, or a few hundred at most; a payee is a cell of its party alone. */
export type Way = Readonly<{
  rail: RailName
  /** Codes of the asset that is held and of the one that the rail sends. */
  from: string
  to: string
  country: string
  band: number
  payee: string | undefined
}>

const CENT_NANO = 10_000_000n
/** Ten times as much each, from ten cents: what a dollar and a thousand dollars meet on a rail is not the same. */
const BANDS = 8

/** The place of a worth among the bands: 0 is at most ten cents, 7 more than a hundred thousand dollars. */
export function bandOf(worthNano: NanoUsd): number {
  let band = 0
  for (let upper = 10n * CENT_NANO; worthNano > upper && band < BANDS - 1; upper *= 10n) band++
  return band
}

/** Who or what stands between a rail and the payee: the node, the host of an address, the country of an account. Invoices are not read for it. */
export function placeOf(destination: Destination): Readonly<{ country: string; payee: string | undefined }> {
  switch (destination.kind) {
    case 'lightning_node':
      return { country: '', payee: `node ${destination.nodeId}` }
    case 'lightning_address':
      return { country: '', payee: `host ${destination.address.slice(destination.address.indexOf('@') + 1).toLowerCase()}` }
    case 'iban':
      return { country: destination.iban.slice(0, 2).toUpperCase(), payee: undefined }
    case 'us_account':
      return { country: 'US', payee: undefined }
    default:
      return { country: '', payee: undefined }
  }
}

/** Texts that were made, by rail, the asset that it sends and the one that is held. A new one is hashed at each lookup, which costs more than to keep it. */
type Made = { rail: string; bands: Map<string, string[]> }
const made = new Map<RailName, Map<string, Made>>()
/** Rails and assets are the operator's, and few. */
const MADE_MAX = 1_000

/** The cell of all that a rail sends of an asset. */
export function railKey({ rail, to }: Pick<Way, 'rail' | 'to'>): string {
  return madeFor(rail, to).rail
}

/** The cell below it. */
export function bandKey({ rail, to, from, country, band }: Way): string {
  if (country !== '') return `${rail} ${to} ${from} ${country} ${band}`
  const { bands } = madeFor(rail, to)
  const known = bands.get(from)
  if (known) return known[band]!
  const keys = Array.from({ length: BANDS }, (_, n) => `${rail} ${to} ${from} - ${n}`)
  bands.set(from, keys)
  return keys[band]!
}

function madeFor(rail: RailName, to: string): Made {
  const known = made.get(rail)?.get(to)
  if (known) return known
  if (made.size >= MADE_MAX) made.clear()
  const assets = made.get(rail) ?? new Map<string, Made>()
  const keys: Made = { rail: `${rail} ${to}`, bands: new Map() }
  made.set(rail, assets.set(to, keys))
  return keys
}
