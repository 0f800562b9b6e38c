import type { Ground } from '../ports/ground.ts'
import type { InFlight } from '../ports/statement.ts'
import { updateName } from './log/leaves.ts'
import type { Projector } from './projector.ts'
import type { Receipt, ReceiptSigner } from './receipt/receipt.ts'
import type { ReceiptUpdate } from './receipt/receiptUpdate.ts'
import type { SplitTable } from './reconcile/splitRows.ts'
import { createVerifier, type Verifier } from './reconcile/verify.ts'

/** What the audit's wing shows: reads behind the journal, receipts, and whether all agrees. */
export type AuditFace = Verifier &
  Readonly<{
    projector: Projector
    receipts: ReceiptSigner
    /** A receipt and what was said of its payment since, each with its signature, and where it stands in the audit log as soon as it does. */
    receiptOf: (id: string) => Promise<unknown>
  }>

type Parts = Pick<Parameters<typeof createVerifier>[0], 'books' | 'journal' | 'statements' | 'chains' | 'waiting' | 'reserved'> &
  Readonly<{
    projector: Projector
    receipts: ReceiptSigner
    /** A receipt as it was issued. */
    receipt: (id: string) => Promise<Receipt | undefined>
    /** The later entries of its chain. */
    updates: (id: string) => Promise<readonly ReceiptUpdate[]>
    /** The splits whose money a contract holds. */
    tables: () => readonly SplitTable[]
    /** What each wing has under way. */
    inFlight: readonly (() => readonly InFlight[])[]
  }>

/** Shows what is written and compares it with every rail's own word. Moves nothing. */
export function openAudit({ clock }: Ground, { projector, receipts, receipt, updates, inFlight, ...parts }: Parts): AuditFace {
  const { verify, verifying } = createVerifier({ ...parts, inFlight: () => inFlight.flatMap((of) => of()), now: () => clock.now() })
  const inclusionOf = (leaf: string): Readonly<{ inclusion?: string }> => {
    const inclusion = projector.audit.inclusion(leaf)
    return inclusion === undefined ? {} : { inclusion }
  }
  return {
    projector,
    receipts,
    async receiptOf(id) {
      const issued = await receipt(id)
      if (!issued) return undefined
      const later = (await updates(id)).map((update) => ({ ...receipts.signUpdate(update), ...inclusionOf(updateName(update)) }))
      return { ...receipts.sign(issued), ...inclusionOf(id), ...(later.length > 0 ? { updates: later } : {}) }
    },
    verify,
    verifying,
  }
}
