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
