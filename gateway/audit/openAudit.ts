import type { Ground } from '../ports/ground.ts'
import type { InFlight } from '../ports/statement.ts'
import type { Projector } from './projector.ts'
import type { Receipt, ReceiptSigner } from './receipt/receipt.ts'
import type { SplitTable } from './reconcile/splitRows.ts'
import { createVerifier, type Verifier } from './reconcile/verify.ts'

/** What the audit's wing shows: reads behind the journal, receipts, and whether all agrees. */
export type AuditFace = Verifier &
  Readonly<{
    projector: Projector
    receipts: ReceiptSigner
    /** A receipt with its signature, and where it stands in the audit log as soon as it does. */
    receiptOf: (id: string) => Promise<unknown>
  }>

type Parts = Pick<Parameters<typeof createVerifier>[0], 'books' | 'journal' | 'statements' | 'chains' | 'waiting'> &
  Readonly<{
    projector: Projector
    receipts: ReceiptSigner
    /** A receipt as it was issued. */
    receipt: (id: string) => Promise<Receipt | undefined>
    /** The splits whose money a contract holds. */
    tables: () => readonly SplitTable[]
    /** What each wing has under way. */
    inFlight: readonly (() => readonly InFlight[])[]
  }>

/** Shows what is written and compares it with every rail's own word. Moves nothing. */
export function openAudit({ clock }: Ground, { projector, receipts, receipt, inFlight, ...parts }: Parts): AuditFace {
  const { verify, verifying } = createVerifier({ ...parts, inFlight: () => inFlight.flatMap((of) => of()), now: () => clock.now() })
  return {
    projector,
    receipts,
    async receiptOf(id) {
      const issued = await receipt(id)
      const inclusion = projector.audit.inclusion(id)
      return issued && { ...receipts.sign(issued), ...(inclusion === undefined ? {} : { inclusion }) }
    },
    verify,
    verifying,
  }
}
