import { type FactOf, factKinds } from '../../ports/factKinds.ts'
import type { AttemptId } from '../../ports/ids.ts'
import type { SuccessAction } from './successAction.ts'

/** The one fact that this room writes: the invoice by which an attempt pays an address, for ever. `successAction` stands where the payee gave one. */
type LnurlFact = FactOf<
  'lnurl.invoice_taken',
  AttemptId,
  Readonly<{ invoice: string; host: string; paymentHash: string; successAction?: SuccessAction }>
>

const kinds = factKinds<LnurlFact>({ 'lnurl.invoice_taken': true })

/** A fact of this room as the journal takes it. */
export const toLnurlFact = kinds.write
/** The fact as this room wrote it; undefined for another room's. */
export const readLnurlFact = kinds.read
