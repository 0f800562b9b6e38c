import { agentsPage } from './agentsPage.ts'
import { batchesPage, batchPage } from './batchesPage.ts'
import { decisionPage, decisionsPage } from './decisionsPage.ts'
import { healthPage } from './healthPage.ts'
import { keysPage } from './keysPage.ts'
import { accountPage, entryPage, ledgerPage } from './ledgerPage.ts'
import { livePage } from './livePage.ts'
import { orderPage, ordersPage } from './ordersPage.ts'
import { paymentPage } from './paymentPage.ts'
import { paymentsPage } from './paymentsPage.ts'
import { payoutsPage } from './payoutsPage.ts'
import { savingsPage } from './savingsPage.ts'
import { splitPage, splitsPage } from './splitsPage.ts'
import type { Page, View } from './view.ts'
import { webhookPage, webhooksPage } from './webhooksPage.ts'

/** Every page by its path. `now` in ms. */
export const PAGE_OF_PATH: Readonly<Record<string, (view: View, now: number) => Promise<Page>>> = {
  '/dashboard': livePage,
  '/dashboard/payments': paymentsPage,
  '/dashboard/payments/:id': paymentPage,
  '/dashboard/decisions': decisionsPage,
  '/dashboard/decisions/:id': decisionPage,
  '/dashboard/savings': savingsPage,
  '/dashboard/splits': splitsPage,
  '/dashboard/splits/:id': splitPage,
  '/dashboard/ledger': ledgerPage,
  '/dashboard/ledger/accounts': accountPage,
  '/dashboard/ledger/entries/:id': entryPage,
  '/dashboard/payouts': payoutsPage,
  '/dashboard/batches': batchesPage,
  '/dashboard/batches/:id': batchPage,
  '/dashboard/orders': ordersPage,
  '/dashboard/orders/:id': orderPage,
  '/dashboard/webhooks': webhooksPage,
  '/dashboard/webhooks/:id': webhookPage,
  '/dashboard/agents': agentsPage,
  '/dashboard/keys': keysPage,
  '/dashboard/health': healthPage,
}
