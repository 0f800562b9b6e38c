import type { FastifyReply } from 'fastify'
import { GatewayError } from '../../errors/gatewayError.ts'
import { USD } from '../../money/asset.ts'
import { parseAmount } from '../../money/money.ts'
import type { ListFilter, ListName } from '../../ports/readLists.ts'
import { assetNamed } from '../http/assetNamed.ts'
import { type Caller, requireParty } from '../http/authenticate.ts'
import type { Faces } from '../http/faces.ts'
import type { ListQuery } from './listQuery.ts'

/** Up to which block of the journal an answer says what stands. */
const POSITION_HEADER = 'switchyard-read-position'

type Needs = Readonly<{
  audit: Readonly<{ projector: Pick<Faces['audit']['projector'], 'reads' | 'readAfter'> }>
  ground: Pick<Faces['ground'], 'assets'>
  ledger: Readonly<{ books: Pick<Faces['ledger']['books'], 'head'> }>
}>

type Asked<T extends object> = Readonly<{
  caller: Caller
  list: ListName
  query: ListQuery
  reply: FastifyReply
  /** The resource as it is now; undefined where it is not kept any more. */
  show: (id: string) => Promise<T | undefined> | T | undefined
}>

/**
 * A page of a list: newest first, to a party its own alone. Waits until the index shows what was acknowledged before the request. What has changed its
 * status since is not shown under the old one. Throws `reads_behind`, and `invalid_request` for a cursor of another list.
 */
export async function answerList<T extends object>({ audit, ground, ledger }: Needs, o: Asked<T>) {
  const { caller, list, query, reply, show } = o
  const { projector } = audit
  if (query.party !== undefined) requireParty(caller, query.party)
  const filter = filterOf(query, caller, ground)
  await readPosition({ audit, ledger }, query.wait, reply)
  const page = projector.reads.lists.listed(list, filter, { limit: query.limit, after: query.after })
  if (!page) {
    throw new GatewayError('invalid_request', `after: ${query.after?.slice(0, 60)} is no place in this list`, {
      hint: 'Pass what `next` of the page before says, with the same filters; leave `after` out to begin.',
    })
  }
  const found = await Promise.all(page.ids.map(show))
  const data = found.filter((one) => one !== undefined && (query.status === undefined || statusOf(one) === query.status)) as T[] // None is undefined.
  return { data, has_more: page.next !== undefined, ...(page.next === undefined ? {} : { next: page.next }) }
}

function statusOf(shown: object): unknown {
  return 'status' in shown ? shown.status : undefined
}

/** Waits so many seconds for what was acknowledged before; then says up to where is read. Throws `reads_behind`. */
export async function readPosition({ audit, ledger }: Pick<Needs, 'audit' | 'ledger'>, waitS: number, reply: FastifyReply): Promise<void> {
  if (waitS > 0) await audit.projector.readAfter(ledger.books.head().seq, waitS * 1_000)
  reply.header(POSITION_HEADER, audit.projector.reads.cursor().seq)
}

function filterOf(query: ListQuery, caller: Caller, ground: Needs['ground']): ListFilter {
  const { metadata_key: key, metadata_value: value } = query
  if ((key === undefined) !== (value === undefined))
    throw new GatewayError('invalid_request', 'metadata_key and metadata_value go together', { hint: 'Name both, or neither.' })
  return {
    party: caller.kind === 'party' ? caller.party.id : query.party,
    status: query.status,
    rail: query.rail,
    createdFrom: query.created_from,
    createdBefore: query.created_before,
    reference: query.reference,
    ...(key !== undefined && value !== undefined ? { metadata: { key, value } } : {}),
    ...amountOf(query, ground),
  }
}

function amountOf(
  { amount_min: min, amount_max: max, asset: name = USD.id }: ListQuery,
  { assets }: Needs['ground'],
): Pick<ListFilter, 'amount'> {
  if (min === undefined && max === undefined) return {}
  const asset = assetNamed([USD, ...assets], name)
  const units = (text: string | undefined) => (text === undefined ? undefined : parseAmount(text, asset).units)
  return { amount: { asset: asset.id, least: units(min), most: units(max) } }
}
