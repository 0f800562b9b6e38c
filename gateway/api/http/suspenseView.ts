import type { ActionView } from '../../suspense/view.ts'
import { moneyView, snakeKeys } from './views.ts'

/** What is done, as it was asked for and by whom. */
export function actionView({ id, status, amount, deed, grounds, by, approvedBy, at, refused }: ActionView) {
  return {
    id,
    object: 'suspense_action',
    status,
    amount: moneyView(amount),
    ...(snakeKeys(deed) as object),
    reason: grounds.reason,
    evidence: grounds.evidence,
    by,
    approved_by: approvedBy ?? null,
    at: new Date(at).toISOString(),
    ...(refused ? { refused } : {}),
  }
}
