import type { ErrorCode } from '../../errors/catalog.ts'
import { GatewayError, isGatewayError } from '../../errors/gatewayError.ts'
import { invariant } from '../../errors/invariant.ts'
import { submitUntilKnown } from '../../ledger/process/submit.ts'
import { money, showMoney } from '../../money/money.ts'
import type { PayoutId } from '../../ports/ids.ts'
import { type Metadata, saidMetadata } from '../../ports/metadata.ts'
import type { Destination } from '../../ports/sender.ts'
import { serves } from '../deciding/candidates.ts'
import type { Behalf } from '../fees/purses.ts'
import type { PayoutContext } from '../payoutState/context.ts'
import type { CreatePayout } from '../payoutState/createPayoutCommand.ts'
import { holdEntry } from '../payoutState/entries.ts'
import { evolve } from '../payoutState/evolve.ts'
import { type PayoutFact, type PlannedData, type PromisedData, toFact, toMoneyData } from '../payoutState/facts.ts'
import type { FeeBearer, Payout, PlannedWay } from '../payoutState/payout.ts'
import { viewPayout } from '../payoutState/view.ts'

const DESTINATIONS_MAX = 8
/** As long as a SEPA remittance text. */
const REFERENCE_MAX = 140
const SOURCE_MAX = 200

/** What `checkPayout` refuses with: so long as the gateway is configured as it is, it will never be otherwise. */
export const REFUSED_FOR_GOOD: readonly ErrorCode[] = ['invalid_request', 'invalid_amount', 'own_account', 'no_rail']

/**
 * Checks a payout, and makes it durable together with the hold on its source. The same claims again answer the payout that they made.
 * Refuses with `invalid_request`, `invalid_amount`, `own_account`, `no_rail`, `too_busy`, `too_many_open`, `insufficient_balance` or
 * `idempotency_key_reused`; and with `outcome_unknown`, after which `late` is called when it was made all the same.
 */
export async function createPayout(
  context: PayoutContext,
  command: CreatePayout,
  late: (id: PayoutId) => void,
): Promise<{ payout: Payout; made: boolean }> {
  const { records, ids } = context
  checkPayout(context, command)
  const { source, amount, destinations, behalf = { account: source } } = command
  const id = command.id ?? ids.payout()
  const counts = context.load.admit({ id, source, behalf, amount, destinations })
  const known = (claim: string) => {
    counts()
    const payout = records.byClaim(claim)
    if (payout) late(payout.id)
  }
  try {
    const payout = await durable(context, { command, id, late: known })
    counts()
    // What was unknown first is a replay of itself later: whether it is ours, its id says.
    return { payout, made: payout.id === id }
  } catch (error) {
    // It may be made all the same: it counts until the books know.
    if (!isGatewayError(error, 'outcome_unknown')) counts()
    throw error
  }
}

/** `late` is given the claim of the payout when what became of it is known only after its caller was refused. */
type Making = Readonly<{ command: CreatePayout; id: PayoutId; late: (claim: string) => void }>

async function durable({ records, clock, ids, books }: PayoutContext, { command, id, late }: Making): Promise<Payout> {
  const { source, amount, destinations, reference, createdBy } = command
  const { held, feeMax = 0n, keep } = command
  const entry = held === undefined ? holdEntry({ ids }, id, { source, amount, feeMax, keep }) : undefined
  const hold = held ?? entry!.id
  const data = { source, amount: toMoneyData(amount), destinations, reference, createdBy, hold, ...chosen(command) }
  const at = clock.now()
  const fact = (claims: readonly string[]): PayoutFact => ({ type: 'payout.created', id, at, data: { ...data, claims } })
  const along = command.along?.(viewPayout(evolve(undefined, fact([])))) ?? { claims: [], facts: [] }
  // Claims are all or none, so the payout's own is taken only when the caller brings nothing that makes a repeat harmless.
  const claims = along.claims.length > 0 ? along.claims : [{ key: `payout:${id}:created`, fingerprint: fingerprintOf(command) }]
  const facts = [toFact(fact(claims.map((c) => c.key))), ...along.facts]

  const outcome = await submitUntilKnown(books, { claims, facts, ...(entry && { entry }) }, () => late(claims[0]!.key))
  if (outcome.kind === 'declined') throw shortOfBalance({ books }, command, outcome.status)
  if (outcome.kind === 'conflict') {
    throw new GatewayError('idempotency_key_reused', 'Another request was made under the key of this payout', {
      meta: { claim: outcome.with.key },
    })
  }
  const payout = records.byClaim(claims[0]!.key)
  invariant(payout, 'the payout of a taken claim is known before its submission resolves')
  return payout
}

/** Refuses what could never be paid, with `invalid_request`, `invalid_amount`, `own_account` or `no_rail`. Moves and holds nothing. */
export function checkPayout(context: PayoutContext, command: CreatePayout): void {
  checkCommand(command)
  refuseOwnAccounts(context, command.destinations)
  checkDestinations(context, command)
}

type Chosen = Readonly<{ behalf?: Behalf; feeMax?: string; ownFeeMax?: string; sendBy?: number; metadata?: Metadata }> &
  Readonly<{
    sendAt?: number
    deliverBy?: number
    cheapest?: true
    feeBearer?: FeeBearer
    promised?: PromisedData
    partsMax?: number
    planned?: PlannedData
  }>

/** What a payout says only when somebody chose it. */
function chosen({
  behalf,
  feeMax,
  ownFeeMax,
  sendBy,
  sendAt,
  deliverBy,
  cheapest,
  feeBearer,
  promised,
  partsMax,
  planned,
  metadata,
}: CreatePayout): Chosen {
  return {
    ...(behalf && { behalf }),
    ...(feeMax && { feeMax: feeMax.toString() }),
    ...(ownFeeMax !== undefined && { ownFeeMax: ownFeeMax.toString() }),
    ...(sendAt !== undefined && { sendAt }),
    ...(deliverBy !== undefined && { deliverBy }),
    ...(cheapest && { cheapest }),
    ...(feeBearer !== undefined && { feeBearer }),
    ...(partsMax !== undefined && { partsMax }),
    ...(promised && { promised: { quote: promised.quote, amount: toMoneyData(promised.amount) } }),
    ...(planned && { planned: plannedData(planned) }),
    ...(sendBy !== undefined && { sendBy }),
    ...saidMetadata(metadata),
  }
}

function plannedData({ preferNano, costNano, ...way }: PlannedWay): PlannedData {
  return { ...way, preferNano: preferNano.toString(), ...(costNano !== undefined && { costNano: costNano.toString() }) }
}

function fingerprintOf(command: CreatePayout): string {
  const { source, amount, destinations, reference } = command
  const { feeMax } = chosen(command)
  return JSON.stringify([source, amount.asset.id, amount.units.toString(), destinations, reference, ...(feeMax ? [feeMax] : [])])
}

function checkCommand({ source, amount, destinations, reference, feeMax = 0n }: CreatePayout): void {
  invariant(feeMax >= 0n, 'nobody bears less than nothing of a fee')
  if (amount.units <= 0n) throw new GatewayError('invalid_amount', `${showMoney(amount)} cannot be paid out`)
  const wrong: { path: string; message: string }[] = []
  if (!/^(?:party|surplus|exchange|netting|batch):./.test(source) || source.length > SOURCE_MAX)
    wrong.push({ path: 'source', message: 'is not a balance' })
  if (destinations.length < 1 || destinations.length > DESTINATIONS_MAX) {
    wrong.push({ path: 'destinations', message: `has ${destinations.length} destinations, and may have 1 to ${DESTINATIONS_MAX}` })
  }
  if (new Set(destinations.map((d) => JSON.stringify(d))).size < destinations.length) {
    wrong.push({ path: 'destinations', message: 'names a destination twice' })
  }
  if (reference.length > REFERENCE_MAX) wrong.push({ path: 'reference', message: `is longer than ${REFERENCE_MAX} characters` })
  if (wrong.length > 0)
    throw new GatewayError('invalid_request', `The payout cannot be made so: ${firstOf(wrong)}`, { meta: { errors: wrong } })
}

/**
 * What is paid to an account of our own, on whatever rail, moves nothing or moves past the books: the rail says settled, and somebody's balance
 * is gone.
 */
function refuseOwnAccounts({ senders }: PayoutContext, destinations: readonly Destination[]): void {
  const errors = destinations.flatMap((destination, place) => {
    const owns = senders.map((sender) => sender.owns?.(destination)).find((words) => words !== undefined)
    return owns === undefined ? [] : [{ path: `destinations.${place}`, message: `is ${owns}` }]
  })
  if (errors.length > 0) throw new GatewayError('own_account', 'A destination is an account of this gateway', { meta: { errors } })
}

/** Every destination must be one that could be paid, and at least one must be of a kind that some rail here pays. */
function checkDestinations({ senders }: PayoutContext, { source, destinations }: CreatePayout): void {
  const wrong: { path: string; message: string }[] = []
  let served = 0
  for (const [place, destination] of destinations.entries()) {
    const path = `destinations.${place}`
    if (destination.kind === 'party') {
      served++
      if (source === `party:${destination.party}`) wrong.push({ path, message: 'is the source itself' })
      continue
    }
    const serving = senders.filter((sender) => serves(sender, destination))
    if (serving.length > 0) served++
    const complaints = serving.map((sender) => sender.check(destination))
    if (complaints.length > 0 && complaints.every((c) => c !== undefined)) wrong.push({ path, message: complaints[0]! })
  }
  if (wrong.length > 0)
    throw new GatewayError('invalid_request', `A destination could never be paid: ${firstOf(wrong)}`, { meta: { errors: wrong } })
  if (served > 0) return
  const candidates = destinations.map(({ kind }, destination) => ({
    destination,
    reason: 'not_served',
    detail: `no rail here pays ${kind}`,
  }))
  throw new GatewayError('no_rail', 'No rail here pays any of these destinations', { meta: { candidates } })
}

/** For who reads the sentence alone, as in a terminal. */
function firstOf(wrong: readonly Readonly<{ path: string; message: string }>[]): string {
  return wrong.map(({ path, message }) => `${path} ${message}`)[0] ?? ''
}

/** The refusal of a hold that the books declined. */
export function shortOfBalance(
  { books }: Pick<PayoutContext, 'books'>,
  { source, amount, feeMax = 0n, keep = 0n }: Pick<CreatePayout, 'source' | 'amount' | 'feeMax' | 'keep'>,
  status: string,
): GatewayError {
  invariant(status === 'exceeds_credits', `a hold is declined only for want of balance, not with ${status}`)
  const { creditsPosted, debitsPosted, debitsPending } = books.balance(source, amount.asset)
  const available = showMoney(money(amount.asset, creditsPosted - debitsPosted - debitsPending))
  const needed = showMoney(money(amount.asset, amount.units + feeMax + keep))
  const message = `The balance has ${available} available, and the payout ${keep > 0n ? 'needs' : 'takes'} ${needed}`
  return new GatewayError('insufficient_balance', message, {
    meta: { available, needed },
    hint: 'Top up the balance, or pay out less. Each asset is a balance of its own; a quote says by `from_asset` of which it is paid.',
  })
}
