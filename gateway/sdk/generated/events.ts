// Made from the description of the API by `npm run sdk`: change the API, or tools/sdk, and run it again.

/** What `data` of each type of event is, in which version. */
export type EventData = {
  /** It was paused, resumed or revoked. */
  'agent.changed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly status: 'active' | 'paused' | 'revoked'
    }
  }
  /** An agent may spend a balance within a policy. */
  'agent.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string
      readonly name: string
    }
  }
  /** Something waits for another person. */
  'approval.asked': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly what: string
      readonly needs: readonly ('party' | 'gateway')[]
      readonly payout: string | null
    }
  }
  /** Nobody answered in time; what was held is free. */
  'approval.expired': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Another person has agreed. */
  'approval.given': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly as: 'party' | 'gateway'
    }
  }
  /** A party has another limit, or none. */
  'approval.limited': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payouts_usd_max: string | null
    }
  }
  /** It was refused, or taken back; what was held is free. */
  'approval.refused': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** What was approved has been done. */
  'approval.used': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** What vouchers of a channel promised was taken on chain. */
  'channel.claimed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly split: string | null
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** The rest of a channel went back to its payer. */
  'channel.closed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly split: string | null
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** A payer opened a channel by a deposit. */
  'channel.opened': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly split: string | null
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** More was deposited in a channel. */
  'channel.topped_up': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly split: string | null
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** Money came for a party by itself. */
  'deposit.received': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string
      readonly rail: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** Its payee has shown something against it. */
  'dispute.evidence_submitted': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** Its time was over without evidence: an operator decides. */
  'dispute.expired': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** It goes back to its payer, by the refund. */
  'dispute.lost': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly cause: string
      readonly refund: string | null
    }
  }
  /** What was paid is contested, or a part of it, and in reserve until it is decided. */
  'dispute.opened': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly payment_intent: string | null
      readonly rail: string
      readonly left: {
        readonly asset: string
        readonly amount: string
      }
      readonly reason: string
      readonly evidence_due_at: string
    }
  }
  /** Its payees have again what was taken from each. */
  'dispute.won': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly cause: string
    }
  }
  /** Its chain can not take it any more. */
  'errand.failed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly reason: string
      readonly charged: boolean
    }
  }
  /** Its chain has it for good. */
  'errand.settled': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly transaction: string
    }
  }
  /** A payment of a seller elsewhere will be carried to its chain. */
  'errand.taken': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly seller: string
      readonly rail: string
    }
  }
  /** The payout was made although its payment was lost. */
  'exchange.covered': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** A payment on one rail is to pay a payout on another. */
  'exchange.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string
      readonly pay: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly payout: string
      readonly payout_amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly expires_at: string
    }
  }
  /** The payout failed after its payment was taken: its amount is on the balance. */
  'exchange.credited': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** The time to decide is over while the payout may have moved. */
  'exchange.doubted': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** The payment waits at the node. */
  'exchange.held': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly decide_by: string
    }
  }
  /** The node gave the payment back while the payout may have moved. */
  'exchange.lost': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** The payment went back, or was never made. */
  'exchange.released': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly reason: string
    }
  }
  /** The payment is ours. */
  'exchange.taken': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly stray: boolean
    }
  }
  /** An intent has its invoice. Whether it is paid is told of the intent. */
  'invoice.issued': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly number: string
      readonly payment_intent: string
      readonly payee: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly due_on: string
      readonly metadata: { readonly [key: string]: string }
    }
  }
  /** An API key was made. */
  'key.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly holder: string
      readonly name: string
      readonly hint: string
      readonly ends_at: string | null
    }
  }
  /** An API key was revoked, or ends because another takes its place. */
  'key.ended': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly revoked: boolean
      readonly ends_at: string
    }
  }
  /** The name pays nobody any more. */
  'lightning_address.closed': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** A name pays a party from now on. */
  'lightning_address.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string
    }
  }
  /** A seller lists what it sells, or says anew what it costs. */
  'listing.published': {
    readonly version: 1
    readonly data: {
      readonly party: string
      readonly resource: string
    }
  }
  /** It is off the list. */
  'listing.withdrawn': {
    readonly version: 1
    readonly data: {
      readonly party: string
      readonly resource: string
    }
  }
  /** A party was registered. */
  'party.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly name: string
    }
  }
  /** A payment bought a pass for many requests, or opened a session. */
  'pass.bought': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly kind: string
      readonly payee: string
      readonly uses: number | null
      readonly ends_at: string
    }
  }
  /** Its time is over; what was left is the payer’s or the payee’s. */
  'pass.ended': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly left_to: string
    }
  }
  /** What was left of a session was tried, once, to be paid back. */
  'pass.returned': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly payout: string | null
      readonly reason: string | null
    }
  }
  /** Another deposit was paid into a session. */
  'pass.topped_up': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** The money did not come. */
  'payment.failed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payment_intent: string | null
      readonly rail: string
      readonly price: {
        readonly asset: string
        readonly amount: string
      }
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
      readonly resource: string
      readonly reason: string | null
      readonly transaction: string | null
      readonly charged: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly part: {
        readonly asset: string
        readonly amount: string
      } | null
    }
  }
  /** A request is paid by a promise that is collected after it, or what was collected is held again. */
  'payment.held': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payment_intent: string | null
      readonly rail: string
      readonly price: {
        readonly asset: string
        readonly amount: string
      }
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
      readonly resource: string
      readonly reason: string | null
      readonly transaction: string | null
      readonly charged: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly part: {
        readonly asset: string
        readonly amount: string
      } | null
    }
  }
  /** The money, or a part, goes back. */
  'payment.refund_due': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payment_intent: string | null
      readonly rail: string
      readonly price: {
        readonly asset: string
        readonly amount: string
      }
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
      readonly resource: string
      readonly reason: string | null
      readonly transaction: string | null
      readonly charged: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly part: {
        readonly asset: string
        readonly amount: string
      } | null
    }
  }
  /** The money, or a part, is back with its payer. */
  'payment.refunded': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payment_intent: string | null
      readonly rail: string
      readonly price: {
        readonly asset: string
        readonly amount: string
      }
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
      readonly resource: string
      readonly reason: string | null
      readonly transaction: string | null
      readonly charged: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly part: {
        readonly asset: string
        readonly amount: string
      } | null
    }
  }
  /** The money has come for good. */
  'payment.settled': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payment_intent: string | null
      readonly rail: string
      readonly price: {
        readonly asset: string
        readonly amount: string
      }
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
      readonly resource: string
      readonly reason: string | null
      readonly transaction: string | null
      readonly charged: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly part: {
        readonly asset: string
        readonly amount: string
      } | null
    }
  }
  /** Its seller took it back before it was paid. */
  'payment_intent.canceled': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** A seller wants something paid, once. */
  'payment_intent.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly payee: string
      readonly metadata: { readonly [key: string]: string }
      readonly rails: readonly string[]
      readonly expires_at: string
    }
  }
  /** Its time passed before it was paid. */
  'payment_intent.expired': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** A payment came after its end, and waits. */
  'payment_intent.late': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** More came than it asked for, or a second time: the surplus waits. */
  'payment_intent.over': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** Less came than it asks for, and waits. */
  'payment_intent.partial': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** Offers whose time was over have fresh ones in their place. */
  'payment_intent.requoted': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rails: readonly string[]
    }
  }
  /** It is paid, and closed. */
  'payment_intent.settled': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
      readonly receipt: string
    }
  }
  /** It takes payments again. */
  'payment_link.activated': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** A link by which many may pay, each an intent of his own. */
  'payment_link.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payee: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly amount_min: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly amount_max: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly metadata: { readonly [key: string]: string }
      readonly uses_max: number | null
      readonly expires_at: string | null
    }
  }
  /** Nobody can begin to pay by it any more. */
  'payment_link.deactivated': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** A payout is made, and its amount held. */
  'payout.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string | null
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly reference: string
      readonly net: string | null
    }
  }
  /** It can not be paid, and the hold is released. */
  'payout.failed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly code: string
      readonly net: string | null
    }
  }
  /** A part of it came back, and is on the balance again. */
  'payout.part_returned': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly part: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly credited: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** It is too much for each way, so it is paid in parts: each is a payout of its own. */
  'payout.parted': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly parts: readonly {
        readonly id: string
        readonly amount: {
          readonly asset: string
          readonly amount: string
        }
      }[]
    }
  }
  /** Some of its parts were paid and the others can not be: the rest of its hold is released. */
  'payout.partly_settled': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly paid: {
        readonly asset: string
        readonly amount: string
      }
      readonly released: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** It was answered; money comes as payout.returned. */
  'payout.recall_answered': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly recall: string
      readonly answer: string
      readonly code: string | null
    }
  }
  /** The bank is asked for what was paid. */
  'payout.recall_asked': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly recall: string
      readonly reason: string
    }
  }
  /** What it had paid came back. */
  'payout.returned': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly credited: {
        readonly asset: string
        readonly amount: string
      }
      readonly reason: string | null
    }
  }
  /** A try of it goes to its rail. */
  'payout.sent': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly attempt: string
      readonly rail: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** It is paid. */
  'payout.settled': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string | null
      readonly fee: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly net: string | null
    }
  }
  /** The rail did not say what became of a try; it is looked up, and not paid again. */
  'payout.unknown': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly attempt: string
      readonly stuck: boolean
    }
  }
  /** What is no payout yet of a batch will not be one. */
  'payout_batch.canceled': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Many payouts were asked for in one call, and their money is set aside. */
  'payout_batch.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly rows: number
      readonly refused: number
    }
  }
  /** Every row of a batch has its end, and what its rows did not take is on the balance again. */
  'payout_batch.ended': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly settled: number
      readonly failed: number
      readonly refused: number
      readonly canceled: number
    }
  }
  /** Something can be subscribed to. */
  'plan.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payee: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly interval: string
      readonly interval_count: number
      readonly trial_days: number
      readonly metadata: { readonly [key: string]: string }
    }
  }
  /** Nobody new can subscribe to it. */
  'plan.deactivated': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Periods that begin from now on cost something else. */
  'plan.repriced': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** What a payout costs and brings is promised until a time. */
  'quote.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string
      readonly send: {
        readonly asset: string
        readonly amount: string
      }
      readonly receive: {
        readonly asset: string
        readonly amount: string
      }
      readonly expires_at: string
    }
  }
  /** Nobody used it in time. */
  'quote.expired': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** A payout was made of it. */
  'quote.used': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payout: string
    }
  }
  /** It was taken back before anything was paid. */
  'refund.canceled': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** What was paid goes back, or a part of it. */
  'refund.created': {
    readonly version: 1
    readonly data: {
      readonly id: string | null
      readonly receipt: string
      readonly payment_intent: string | null
      readonly rail: string | null
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly left: {
        readonly asset: string
        readonly amount: string
      }
      readonly way: string | null
    }
  }
  /** Nobody claimed it in its time: it is with those who have paid for it again. */
  'refund.expired': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** It cannot be paid, and is with those who have paid for it again. */
  'refund.failed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** It could not be paid there, or came back: its payer says where to. */
  'refund.needs_claim': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly payout: string | null
    }
  }
  /** A payout was made for it. */
  'refund.sent': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly payout: string
    }
  }
  /** It is with its payer. */
  'refund.succeeded': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** What became of its payout is not known; it is looked up, and not paid again. */
  'refund.unknown': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly receipt: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly payout: string
    }
  }
  /** A chain replaced the block of a settlement. */
  'settlement.taken_back': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly settlement: string
      readonly rail: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      } | null
      readonly outcome: string
      readonly payment: string | null
    }
  }
  /** A table of shares was registered. */
  'split.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly label: string
      readonly payees: readonly {
        readonly party: string
        readonly shares: string
      }[]
    }
  }
  /** It was paused, resumed or ended. */
  'standing_order.changed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly status: 'active' | 'paused' | 'ended'
    }
  }
  /** A balance is paid out by a calendar from now on. */
  'standing_order.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string
    }
  }
  /** A run was refused, or its payout could not be paid; it is tried again in the next period. */
  'standing_order.failed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payout: string | null
      readonly code: string
      readonly detail: string
    }
  }
  /** It has made a payout, or asked another person for it. */
  'standing_order.ran': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly payout: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly needs_approval: boolean
    }
  }
  /** There was nothing to pay. */
  'standing_order.skipped': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** A period has begun, and has its intent. */
  'subscription.begun': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly period: number
      readonly payment_intent: string
      readonly page: string
    }
  }
  /** It has ended: nothing more is taken. */
  'subscription.canceled': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Its payer lets it take what is due, or sets another limit. */
  'subscription.consented': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Somebody is to pay by a plan. */
  'subscription.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly plan: string
      readonly payee: string
      readonly subscriber: string | null
      readonly starts_at: string
      readonly metadata: { readonly [key: string]: string }
    }
  }
  /** It ends with the period that it is in. */
  'subscription.ending': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** The next period costs more than its payer lets be taken: it waits for his consent. */
  'subscription.lapsed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** A period could not be taken, or is not paid after a day. */
  'subscription.past_due': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly period: number
      readonly payment_intent: string
      readonly page: string
      readonly reason: string
    }
  }
  /** It rests until it is resumed: somebody asked for it, or a period was not paid in its time. */
  'subscription.paused': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly reason: string
    }
  }
  /** A period is paid. */
  'subscription.renewed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly period: number
      readonly payment_intent: string
    }
  }
  /** It goes on. */
  'subscription.resumed': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Money that waited was found to be of a payment. */
  'suspense.matched': {
    readonly version: 1
    readonly data: {
      readonly item: string
      readonly receipt: string
    }
  }
  /** Money of nobody waits. */
  'suspense.opened': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly reason: string
    }
  }
  /** An operator gave money that waited to somebody. */
  'suspense.taken': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly item: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** An operator asks for something about money of nobody. */
  'suspense_action.asked': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly what: string
      readonly by: string
    }
  }
  /** It stands in the books. */
  'suspense_action.booked': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly by: string
    }
  }
  /** It was taken back. */
  'suspense_action.canceled': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly by: string
    }
  }
  /** Its payout can never be made. */
  'suspense_action.refused': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly detail: string
    }
  }
  /** An app may use a balance as its wallet. */
  'wallet_app.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string
      readonly name: string
      readonly expires_at: string | null
    }
  }
  /** The app may do nothing any more. */
  'wallet_app.revoked': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** It is another URL, or others are brought. */
  'webhook_endpoint.changed': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Events are brought to a receiver from now on. */
  'webhook_endpoint.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** It is gone. */
  'webhook_endpoint.deleted': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Nothing is brought there any more. */
  'webhook_endpoint.disabled': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly because: string
    }
  }
  /** What has waited is brought again. */
  'webhook_endpoint.enabled': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Nothing has arrived there for a day. */
  'webhook_endpoint.failing': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly since: string
    }
  }
  /** Something has arrived again. */
  'webhook_endpoint.recovered': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** It has a new secret; the one before signs too for a while. */
  'webhook_endpoint.rotated': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly n: number
      readonly former_until: string
    }
  }
  /** The link is good no more. */
  'withdraw_link.canceled': {
    readonly version: 1
    readonly data: {
      readonly id: string
    }
  }
  /** Whoever holds a link may withdraw from a balance. */
  'withdraw_link.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly party: string
      readonly uses: number
      readonly expires_at: string
    }
  }
  /** Coins of a rail’s own wallet are to leave. */
  'withdrawal.created': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly rail: string
      readonly amount: {
        readonly asset: string
        readonly amount: string
      }
      readonly fee: {
        readonly asset: string
        readonly amount: string
      }
    }
  }
  /** Nothing left. */
  'withdrawal.failed': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly detail: string
    }
  }
  /** They have left for good. */
  'withdrawal.settled': {
    readonly version: 1
    readonly data: {
      readonly id: string
      readonly transaction: string
    }
  }
}

export type EventType = keyof EventData

type EventOf<T extends EventType> = Readonly<{
  id: string
  object: 'event'
  type: T
  version: EventData[T]['version']
  created_at: string
  /** The id of what the event is about: the events of one come in order. */
  subject: string
  data: EventData[T]['data']
}>

/** An event. Test `type`, and the compiler knows `data`; a newer gateway may tell types that are not here yet. */
export type SwitchyardEvent = { [T in EventType]: EventOf<T> }[EventType]
