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

/** The cell of all that a rail sends of an asset. */
export function railKey({ rail, to }: Pick<Way, 'rail' | 'to'>): string {
  return `${rail} ${to}`
}

/** The cell below it. */
export function bandKey(way: Way): string {
  return `${way.rail} ${way.to} ${way.from} ${way.country || '-'} ${way.band}`
}
