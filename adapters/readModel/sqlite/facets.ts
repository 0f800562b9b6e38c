import { createHash } from 'node:crypto'
import type { Metadata } from '../../../gateway/ports/metadata.ts'
import type { ListName } from '../../../gateway/ports/readLists.ts'

/** Longer references stand in the index under their hash. */
const REFERENCE_CHARS_MAX = 80

/** What the index of lists is asked by. Each is one text, so that one table serves them all. */
export const facets = {
  all: (list: ListName) => list,
  party: (list: ListName, party: string) => `${list} of ${party}`,
  status: (list: ListName, status: string) => `${list} is ${status}`,
  rail: (list: ListName, rail: string) => `${list} by ${rail}`,
  /** Amounts stand in octaves, so that a range is a few facets. */
  amount: (list: ListName, asset: string, octave: number) => `${list} at ${octave} ${asset}`,
  metadata: (list: ListName, key: string, value: string) => `${list} with ${JSON.stringify([key, value])}`,
  /** Over all lists; `party` is '' for who may see everything. */
  reference: (party: string, reference: string) => `ref ${party} ${referenceKey(reference)}`,
} as const

/** The rails that a resource is found by: its own, and all of its kind. */
export function railsOf(rail: string): string[] {
  const kind = rail.split(':')[0]!
  return rail === '' ? [] : kind === rail ? [rail] : [rail, kind]
}

export function metadataFacets(list: ListName, metadata: Metadata): string[] {
  return Object.entries(metadata).map(([key, value]) => facets.metadata(list, key, value))
}

/** The number of binary digits: amounts of one octave differ by less than twice. */
export function octaveOf(units: bigint): number {
  return units <= 0n ? 0 : units.toString(2).length
}

/** As people write them, with spaces between groups, in capitals or not; and as banks carry ids, without underscores. */
function referenceKey(reference: string): string {
  const plain = reference.replaceAll(/[\s_]/g, '').toLowerCase()
  return plain.length <= REFERENCE_CHARS_MAX ? plain : `#${createHash('sha256').update(plain).digest('hex')}`
}
