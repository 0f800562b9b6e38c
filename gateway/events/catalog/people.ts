import { z } from 'zod'
import { count, event, text, time } from './shapes.ts'

const errand = z.strictObject({ id: text })
const action = z.strictObject({ id: text })
const owned = z.strictObject({ id: text, party: text })
const ended = z.strictObject({ id: text })
const endpoint = z.strictObject({ id: text })
const listing = z.strictObject({ party: text, resource: text })

/** Who is here, and what each has made. */
const agentOf = z.strictObject({ id: text, party: text })
const approval = z.strictObject({ id: text })
const needed = z.enum(['party', 'gateway'])

export const PEOPLE = {
  'party.created': event(1, 'A party was registered.', z.strictObject({ id: text, name: text })),
  'key.created': event(
    1,
    'An API key was made.',
    z.strictObject({ id: text, holder: text, name: text, hint: text, ends_at: time.nullable() }),
  ),
  'key.ended': event(
    1,
    'An API key was revoked, or ends because another takes its place.',
    z.strictObject({ id: text, revoked: z.boolean(), ends_at: time }),
  ),
  'split.created': event(
    1,
    'A table of shares was registered.',
    z.strictObject({ id: text, label: text, payees: z.array(z.strictObject({ party: text, shares: text })) }),
  ),
  'suspense_action.asked': event(1, 'An operator asks for something about money of nobody.', action.extend({ what: text, by: text })),
  'suspense_action.booked': event(1, 'It stands in the books.', action.extend({ by: text })),
  'suspense_action.canceled': event(1, 'It was taken back.', action.extend({ by: text })),
  'suspense_action.refused': event(1, 'Its payout can never be made.', action.extend({ detail: text })),
  'agent.created': event(1, 'An agent may spend a balance within a policy.', agentOf.extend({ name: text })),
  'agent.changed': event(
    1,
    'It was paused, resumed or revoked.',
    z.strictObject({ id: text, status: z.enum(['active', 'paused', 'revoked']) }),
  ),
  'approval.asked': event(
    1,
    'Something waits for another person.',
    approval.extend({ what: text, needs: z.array(needed), payout: text.nullable() }),
  ),
  'approval.given': event(1, 'Another person has agreed.', approval.extend({ as: needed })),
  'approval.refused': event(1, 'It was refused, or taken back; what was held is free.', approval),
  'approval.expired': event(1, 'Nobody answered in time; what was held is free.', approval),
  'approval.used': event(1, 'What was approved has been done.', approval),
  'approval.limited': event(1, 'A party has another limit, or none.', approval.extend({ payouts_usd_max: text.nullable() })),
  'errand.taken': event(1, 'A payment of a seller elsewhere will be carried to its chain.', errand.extend({ seller: text, rail: text })),
  'errand.settled': event(1, 'Its chain has it for good.', errand.extend({ transaction: text })),
  'errand.failed': event(1, 'Its chain can not take it any more.', errand.extend({ reason: text, charged: z.boolean() })),
  'listing.published': event(1, 'A seller lists what it sells, or says anew what it costs.', listing),
  'listing.withdrawn': event(1, 'It is off the list.', listing),
  'lightning_address.created': event(1, 'A name pays a party from now on.', owned),
  'lightning_address.closed': event(1, 'The name pays nobody any more.', ended),
  'withdraw_link.created': event(1, 'Whoever holds a link may withdraw from a balance.', owned.extend({ uses: count, expires_at: time })),
  'webhook_endpoint.created': event(1, 'Events are brought to a receiver from now on.', endpoint),
  'webhook_endpoint.changed': event(1, 'It is another URL, or others are brought.', endpoint),
  'webhook_endpoint.rotated': event(
    1,
    'It has a new secret; the one before signs too for a while.',
    endpoint.extend({ n: count, former_until: time }),
  ),
  'webhook_endpoint.failing': event(1, 'Nothing has arrived there for a day.', endpoint.extend({ since: time })),
  'webhook_endpoint.recovered': event(1, 'Something has arrived again.', endpoint),
  'webhook_endpoint.disabled': event(1, 'Nothing is brought there any more.', endpoint.extend({ because: text })),
  'webhook_endpoint.enabled': event(1, 'What has waited is brought again.', endpoint),
  'webhook_endpoint.deleted': event(1, 'It is gone.', endpoint),
  'withdraw_link.canceled': event(1, 'The link is good no more.', ended),
  'wallet_app.created': event(1, 'An app may use a balance as its wallet.', owned.extend({ name: text, expires_at: time.nullable() })),
  'wallet_app.revoked': event(1, 'The app may do nothing any more.', ended),
} as const
