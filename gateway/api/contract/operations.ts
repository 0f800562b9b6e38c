import { eventOperations } from './events.ts'
import { intentOperations } from './intents.ts'
import { operatingOperations } from './operating.ts'
import { partyOperations } from './parties.ts'
import { payoutOperations } from './payouts.ts'
import { peopleOperations } from './people.ts'
import type { Operation } from './shapes.ts'
import { webhookOperations } from './webhooks.ts'

/** What is promised of each operation, by its method and its path as the route writes it. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...partyOperations,
  ...intentOperations,
  ...payoutOperations,
  ...operatingOperations,
  ...eventOperations,
  ...webhookOperations,
  ...peopleOperations,
}
