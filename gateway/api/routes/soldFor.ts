import { GatewayError } from '../../errors/gatewayError.ts'
import type { PartiesFace } from '../../parties/openParties.ts'
import type { IntentAbout, PayeeRef } from '../../payins/intent/intent.ts'
import type { PartyId, SplitKey } from '../../ports/ids.ts'
import { type Caller, findOwn, requireParty } from '../http/authenticate.ts'
import { isPayee } from '../http/views.ts'

type Register = Pick<PartiesFace, 'parties' | 'splits'>
/** As the schemas of what is sold have it: one of the first two. */
type Sold = Readonly<{
  payee?: string | undefined
  split?: string | undefined
  seller?: string | undefined
  description?: string | undefined
  return_url?: string | undefined
}>

/** Whether a party is paid by it: what is sold for somebody is his to see and to end. */
export function isPaid({ splits }: Pick<Register, 'splits'>, payee: PayeeRef, party: PartyId): boolean {
  return payee.kind === 'party' ? payee.id === party : isPayee(splits.get(payee.id), party)
}

/** Of what is sold for a split (an intent, a link, a plan) only its maker, one payee of all or an operator decides: the other payees see it. */
export function requireMaker(
  { splits }: Pick<Register, 'splits'>,
  caller: Caller,
  { payee, createdBy }: Readonly<{ payee: PayeeRef; createdBy?: string | undefined }>,
): void {
  if (caller.kind === 'operator' || payee.kind === 'party' || createdBy === caller.party.id) return
  if (splits.get(payee.id).payees.every(({ party }) => party === caller.party.id)) return
  throw new GatewayError('forbidden', 'Another payee of the split or the operator made this', { hint: 'Ask whoever made it.' })
}

/** A party sells for itself, or for a split that pays it. */
export function payeeOf({ parties, splits }: Register, caller: Caller, { payee, split }: Sold): PayeeRef {
  if (payee !== undefined) {
    requireParty(caller, payee)
    return { kind: 'party', id: parties.get(payee).id }
  }
  const id = split as SplitKey // The schema has one of them, by its pattern.
  const found = findOwn(
    caller,
    () => splits.get(id),
    (table, party) => isPayee(table, party),
  )
  return { kind: 'split', id: found.key }
}

/** What the payer is told; a payee's own name where no other is said. */
export function aboutOf({ parties }: Register, payee: PayeeRef, { seller, description, return_url: returnUrl }: Sold): IntentAbout {
  const name = seller ?? (payee.kind === 'party' ? parties.get(payee.id).name : undefined)
  return { ...(name ? { seller: name } : {}), ...(description ? { description } : {}), ...(returnUrl ? { returnUrl } : {}) }
}
