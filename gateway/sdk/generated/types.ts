// Made from the description of the API by `npm run sdk`: change the API, or tools/sdk, and run it again.
export type AcceptDisputeAnswer = Dispute | Approval

export type Act = {
  readonly id: string
  readonly object: 'act'
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly party: string | null
  readonly operator: string | null
  readonly person: string | null
  readonly role: 'viewer' | 'operator' | 'approver' | 'admin' | null
  /** Null for a key of the configuration. */
  readonly key: string | null
  /** The address that it came from. */
  readonly from: string
  /** The operation, such as POST /v1/payouts. */
  readonly what: string
  readonly resources: readonly string[]
  /** How it was answered: 202 for what waits for another person. */
  readonly status: number
  readonly request_id: string
  /** The block of the journal that it stands in, whose hash chain proves it. */
  readonly block: number
}

export type AddressPayment = {
  readonly payment_hash: string
  readonly to: string
  readonly amount: Money
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly comment: string | null
  readonly payer_data: unknown
  readonly podcast: unknown
}

export type AdjustBooksBody = {
  /** What the entry debits, such as rail:bank:account when the rail holds more than the books say. */
  readonly debit: string
  /** What it credits; suspense:<rail> makes it wait there. */
  readonly credit: string
  readonly asset: string
  readonly amount: string
  readonly reason: string
  readonly evidence: {
    readonly text?: string | undefined
    readonly sha256?: string | undefined
  }
}

/** run: do the work, and tell the answer before the payer sees it. open: a free request, which is answered with these headers besides. Else: answer so. */
export type Admission = {
  readonly kind: 'run'
  readonly claim: string
  readonly receipt: string
  /** When the answer must be told at the latest, in ms since 1970. */
  readonly answer_by: number
  readonly upto?: {
    readonly asset: string
    /** A decimal number of whole units, never a float. */
    readonly amount: string
  } | undefined
  /** What the answer has besides: where the work was done, and where it failed. */
  readonly headers: {
    /** Names and values, in their order. */
    readonly served: readonly (readonly string[])[]
    /** Names and values, in their order. */
    readonly failed: readonly (readonly string[])[]
  }
} | {
  readonly kind: 'open'
  /** Names and values, in their order. */
  readonly headers: readonly (readonly string[])[]
} | {
  readonly kind: 'replayed'
  readonly status: number
  /** Names and values, in their order. */
  readonly headers: readonly (readonly string[])[]
  readonly body?: string | undefined
} | {
  readonly kind: 'unpaid'
  readonly status: number
  /** Names and values, in their order. */
  readonly headers: readonly (readonly string[])[]
  readonly body: string
} | {
  readonly kind: 'refused'
  readonly status: number
  /** Names and values, in their order. */
  readonly headers: readonly (readonly string[])[]
  readonly body: string
}

export type AdmitBatchBody = {
  readonly calls: readonly ({
    /** As the body of POST /v1/admissions. */
    readonly admit: unknown
  } | {
    /** As the body of POST /v1/admissions/answers. */
    readonly answer: unknown
  })[]
}

export type AdmitRequestBody = {
  readonly attempt: string
  readonly request: {
    readonly method: string
    /** The request as the payer knows it. */
    readonly url: string
    /** Its route, such as /books/:id: the same for all requests with one price. */
    readonly route: string
    readonly headers: {
      readonly authorization?: string | undefined
      readonly 'payment-signature'?: string | undefined
      readonly 'idempotency-key'?: string | undefined
      readonly 'accept-payment'?: string | undefined
      /** In which spelling the payer reads the body of a 402. */
      readonly 'switchyard-version'?: string | undefined
      /** Of a browser: it gets the 402 as a page. */
      readonly accept?: string | undefined
      readonly 'accept-language'?: string | undefined
      readonly signature?: string | undefined
      readonly 'signature-input'?: string | undefined
      readonly 'signature-agent'?: string | undefined
    }
    /** Of the body, so that a proof does not pay for two requests with unlike bodies. */
    readonly body_digest?: string | undefined
    /** Where the payer asks from, so that payers have fair shares. */
    readonly from?: string | undefined
  }
  readonly price: {
    readonly amount: string
    readonly asset?: 'USD' | undefined
    /** The amount is the most that is taken: the answer says in `used` how much it is. */
    readonly upto?: boolean | undefined
  }
  /** "request" where the price depends on more than the route: a challenge is then good for this very request only. */
  readonly price_of?: 'route' | 'request' | undefined
  /** What a Lightning invoice buys by L402, where that is more than one request. */
  readonly pass?: {
    readonly uses?: number | undefined
    readonly budget?: {
      readonly amount: string
      readonly asset?: 'USD' | undefined
    } | undefined
    readonly for_ms?: number | undefined
    readonly price?: {
      readonly amount: string
      readonly asset?: 'USD' | undefined
    } | undefined
  } | undefined
  readonly split?: string | undefined
  readonly payee?: string | undefined
  readonly description?: string | undefined
  /** That indexers may show the route, and how it is called: each 402 says so. */
  readonly listed?: {
    readonly example?: {
      readonly query?: { readonly [key: string]: string } | undefined
      readonly body?: unknown | undefined
      readonly output?: unknown | undefined
    } | undefined
  } | undefined
  /** That the route is for agents that sign their requests: any that the gateway knows, or those that are named. */
  readonly agents?: 'required' | readonly string[] | undefined
  readonly answer_within_s?: number | undefined
}

export type AdvanceTestClockBody = {
  readonly by_s?: number | undefined
  readonly to?: string | undefined
}

/** A program that spends a balance within a policy. */
export type Agent = {
  readonly id: string
  readonly object: 'agent'
  readonly party: string
  readonly name: string
  readonly status: 'active' | 'paused' | 'revoked'
  readonly request_max: Money
  readonly day_max: Money
  /** To a request that costs more a person of the party agrees. */
  readonly approval_above: Money | null
  readonly left_today: Money
  readonly payees: readonly string[] | null
  readonly mandate: Mandate | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly ends_at: string | null
}

/** What waits for another person. What has no payout is done by the same request with Switchyard-Approval. */
export type Approval = {
  readonly id: string
  readonly object: 'approval'
  readonly status: 'needs_approval' | 'approved' | 'done' | 'refused' | 'expired'
  /** The operation, such as POST /v1/payouts. */
  readonly what: string
  /** What was asked for, as it was sent; to pay an intent, also which one and whom it pays. */
  readonly request: { readonly [key: string]: unknown }
  readonly why: string
  readonly needs: readonly ('party' | 'gateway')[]
  readonly waits_for: readonly ('party' | 'gateway')[]
  readonly given: readonly {
    readonly as: 'party' | 'gateway'
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly by: {
      readonly of: 'party' | 'gateway'
      readonly person: string | null
      readonly key: string | null
    }
  }[]
  readonly asked_by: {
    readonly of: 'party' | 'gateway'
    readonly person: string | null
    readonly key: string | null
  }
  readonly refused_by: {
    readonly of: 'party' | 'gateway'
    readonly person: string | null
    readonly key: string | null
  } | null
  readonly party: string | null
  readonly amount: Money | null
  /** The payout that is made when the last word is given; its money is held until then. */
  readonly payout: string | null
  /** RFC 3339, in UTC. */
  readonly asked_at: string
  /** RFC 3339, in UTC. */
  readonly expires_at: string
}

export type ApproveAnswer = Approval | SuspenseAction

export type Asset = {
  readonly id: string
  readonly code: string
  readonly scale: number
  readonly ledger: number
}

export type AssignBreakBody = {
  /** The operator who looks after it, by the name of its key or login. */
  readonly to: string
}

export type AssignSuspenseBody = {
  /** The id of what waits, as GET /v1/suspense names it. */
  readonly item: string
  readonly to: string
  /** Decimal string in the asset that came; all that is left when absent. */
  readonly amount?: string | undefined
  readonly reason: string
  readonly evidence: {
    readonly text?: string | undefined
    readonly sha256?: string | undefined
  }
}

/** One try of a payout on one rail. */
export type Attempt = {
  readonly id: string
  readonly rail: string
  /** Which of the destinations, from 0. */
  readonly destination: number
  readonly outcome: 'pending' | 'settled' | 'failed' | 'unknown'
  readonly amount: CodedMoney
  readonly fee_max: CodedMoney
  /** What it has otherwise than the first try of the same way. */
  readonly changed?: readonly string[] | undefined
  /** RFC 3339, in UTC. */
  readonly sent_at: string
  readonly decision_id: string
  readonly stuck?: true | undefined
  readonly reason?: string | undefined
  readonly detail?: string | undefined
  /** With which change the same way may be tried next, and from when on. */
  readonly again?: {
    readonly change: string
    /** RFC 3339, in UTC. */
    readonly at: string
  } | undefined
  readonly fee?: CodedMoney | undefined
  readonly evidence?: Evidence | undefined
  readonly by_hand?: {
    readonly outcome: 'settled' | 'failed'
    readonly action: string
    readonly by: string
    readonly approved_by?: string | undefined
    readonly reason: string
    readonly evidence?: string | undefined
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly overruled?: true | undefined
  } | undefined
  readonly ended_by_hand?: true | undefined
}

export type BalanceSheet = {
  readonly object: 'balance_sheet'
  /** RFC 3339, in UTC. */
  readonly as_of: string
  readonly currency: string
  /** Who says what one currency is in another here, and of which day; null where that is the market of now. */
  readonly currency_rates: {
    readonly source: string
    readonly date: string
  } | null
  /** A decimal number of whole units, never a float. */
  readonly held: string
  /** A decimal number of whole units, never a float. */
  readonly owed: string
  /** A decimal number of whole units, never a float. */
  readonly own: string
  /** Assets that something stands in and that have no rate: they are not in the sums above. */
  readonly unpriced: readonly string[]
  readonly assets: readonly {
    readonly asset: string
    readonly asset_id: string
    /** A decimal number of whole units, never a float. */
    readonly held: string
    /** A decimal number of whole units, never a float. */
    readonly owed: string
    /** A decimal number of whole units, never a float. */
    readonly own: string
    /** equal: what is held is what is owed and what is own, to the unit. */
    readonly verdict: 'equal' | 'break'
    /** In the currency; null where there is no rate. */
    readonly value: {
      /** A decimal number of whole units, never a float. */
      readonly held: string
      /** A decimal number of whole units, never a float. */
      readonly owed: string
      /** A decimal number of whole units, never a float. */
      readonly own: string
    } | null
    readonly rate: {
      readonly source: string
      /** RFC 3339, in UTC. */
      readonly observed_at: string
    } | null
    readonly lines: readonly {
      /** One account, or all whose path begins so. */
      readonly accounts: string
      readonly side: 'held' | 'owed' | 'own'
      /** A decimal number of whole units, never a float. */
      readonly amount: string
    }[]
  }[]
}

/** A difference between a rail and the ledger, until an entry, the rail or a person ends it. */
export type Break = {
  readonly id: string
  readonly object: 'break'
  readonly status: 'open' | 'asked' | 'resolved'
  readonly kind: 'amount' | 'currency' | 'duplicate' | 'unexpected' | 'missing' | 'split_mismatch' | 'fee_mismatch'
  readonly rail: string
  readonly account: string
  readonly side: 'in' | 'out'
  /** What the ledger says that the rail should show. */
  readonly expected: Money
  /** What the rail shows. */
  readonly moved: Money
  readonly difference: {
    readonly asset: string
    /** A decimal number of whole units, never a float. */
    readonly amount: string
  } | null
  readonly statement: string | null
  readonly day: string
  /** RFC 3339, in UTC. */
  readonly opened_at: string
  readonly age_s: number
  /** The operator whose turn it is; null while it is anybody’s. */
  readonly owner: string | null
  readonly assigned_by: string | null
  readonly assigned_at: string | null
  readonly counterparty: string | null
  readonly text: string | null
  readonly expectations: readonly string[]
  readonly expectation_count: number
  readonly movements: readonly string[]
  readonly movement_count: number
  /** What was matched under the same name. */
  readonly matched_before: readonly string[]
  readonly next_step: string | null
  readonly proposal: {
    readonly debit: string
    readonly credit: string
    readonly amount: Money
  } | null
  readonly action: string | null
  readonly resolution: {
    readonly how: 'entry' | 'rule' | 'cleared' | 'accepted'
    readonly by: string | null
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly entry: string | null
    readonly reason: string | null
    readonly evidence?: {
      readonly text?: string | undefined
      readonly sha256?: string | undefined
    } | undefined
  } | null
}

export type CancelSubscriptionBody = {
  /** At once, with the intent that is open; or with the period that it is in, which can still be paid. */
  readonly at?: 'now' | 'period_end' | undefined
}

export type ChangeWebhookEndpointBody = {
  /** Where events are sent by POST. Outside a local network over https, to a public address; redirects are not followed. */
  readonly url?: string | undefined
  readonly types?: readonly string[] | null | undefined
  readonly description?: string | null | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

/** A voucher channel: a deposit that its payer spends by signing how much it owes in all. */
export type Channel = {
  readonly id: string
  readonly object: 'channel'
  readonly rail: string
  readonly split: string | null
  readonly status: 'open' | 'closing' | 'closed'
  readonly payer: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly salt: string
  readonly closer: string
  readonly deposit: Money
  /** Of the newest voucher; to the operator. */
  readonly accepted?: Money | undefined
  /** Of that, what the chain has paid; to the operator. */
  readonly claimed?: Money | undefined
}

export type ClaimRefundBody = {
  readonly destination: {
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: string
    readonly account: string
  }
}

export type ClaimShareQuery = {
  readonly rail?: string | undefined
}

export type ClaimVouchersQuery = {
  readonly rail?: string | undefined
}

export type CloseLightningAddressAnswer = {
  readonly object: 'lightning_address'
  readonly name: string
  readonly status: 'closed'
}

/** The same with the code that people know. */
export type CodedMoney = {
  readonly asset: string
  readonly code: string
  /** A decimal number of whole units, never a float. */
  readonly amount: string
}

export type ConsentToSubscriptionAnswer = Subscription | Approval

export type ConsentToSubscriptionBody = {
  /** What may be taken in a period at the most. */
  readonly amount_max: {
    readonly asset: 'USD'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  }
}

export type CreateAgentAnswer = NewAgent | Approval

export type CreateAgentBody = {
  /** Whose balance it spends, where an operator makes it. Absent: that of who asks. */
  readonly party?: string | undefined
  readonly name: string
  /** US dollars that one request may cost. */
  readonly request_usd_max: string
  /** US dollars that it may spend in a UTC day. */
  readonly day_usd_max: string
  /** To a request that costs more a person of the party agrees. Absent: the agent asks nobody. */
  readonly approval_above_usd?: string | undefined
  /** Whom alone it may pay. Absent: anybody. */
  readonly payees?: readonly string[] | undefined
  readonly expires_in_s?: number | undefined
  /** What somebody has signed that it may spend: with the limits above the lesser of each counts. */
  readonly mandate?: {
    /** An open payment mandate of AP2 0.2, as an SD-JWT that ends with "~". */
    readonly payment: string
    /** The open checkout mandate that it refers to, where it does. */
    readonly checkout?: string | undefined
    /** The public key (JWK) of who has signed both, as you know it and not as the mandate says it. */
    readonly issuer_key: {
      readonly kty: 'EC'
      readonly crv: 'P-256'
      readonly x: string
      readonly y: string
    }
  } | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreateDeviceCodeBody = {
  /** What the program calls itself. A person sees it. */
  readonly name: string
  /** What it would like to spend on a request at most. */
  readonly request_usd_max?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly day_usd_max?: string | undefined
}

export type CreateExchangeAnswer = Exchange | Approval

export type CreateExchangeBody = {
  /** On whose behalf; what can neither be paid out nor paid back stands on its balance. */
  readonly party: string
  readonly from: {
    readonly rail: 'lightning'
  } | {
    readonly rails: readonly ('lightning' | 'evm' | 'bank' | 'bank:us' | 'bank:us-same-day' | 'book' | 'custom' | string)[]
    readonly refund_to?: readonly ({
      readonly kind: 'lightning_invoice'
      readonly invoice: string
    } | {
      readonly kind: 'lightning_node'
      readonly node_id: string
      readonly records?: readonly {
        readonly type: string
        readonly value: string
      }[] | undefined
    } | {
      readonly kind: 'lightning_offer'
      readonly offer: string
    } | {
      readonly kind: 'lightning_address'
      readonly address: string
    } | {
      readonly kind: 'lnurl'
      readonly lnurl: string
    } | {
      readonly kind: 'bitcoin_uri'
      readonly uri: string
    } | {
      readonly kind: 'evm_address'
      readonly address: string
    } | {
      readonly kind: 'iban'
      readonly iban: string
      readonly name: string
    } | {
      readonly kind: 'us_account'
      readonly routing_number: string
      readonly account_number: string
      readonly account_type: 'checking' | 'savings'
      readonly name: string
      readonly holder?: 'person' | 'company' | undefined
    } | {
      readonly kind: 'party'
      readonly party: string
    } | {
      readonly kind: 'custom'
      readonly rail: string
      readonly account: string
    })[] | undefined
  }
  readonly amount: {
    readonly asset: string
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  }
  readonly destinations: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: string
    readonly account: string
  })[]
  readonly reference?: string | undefined
  readonly description?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
  readonly expires_in_s?: number | undefined
}

export type CreateInvoiceBody = {
  readonly payment_intent: string
  readonly seller: {
    readonly name: string
    readonly address: {
      readonly street?: string | undefined
      readonly city?: string | undefined
      readonly postal_code?: string | undefined
      readonly country: string
    }
    readonly vat_id?: string | undefined
  }
  readonly buyer: {
    readonly name: string
    readonly address: {
      readonly street?: string | undefined
      readonly city?: string | undefined
      readonly postal_code?: string | undefined
      readonly country: string
    }
    readonly vat_id?: string | undefined
  }
  /** With their taxes they come to the amount of the intent. */
  readonly lines: readonly {
    readonly description: string
    readonly quantity: string
    /** Of one, without tax. */
    readonly unit_price: {
      readonly asset: 'USD'
      /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
      readonly amount: string
    }
    readonly tax: {
      /** UNCL 5305: standard, zero-rated, exempt, reverse charge, outside the scope of VAT. */
      readonly category: 'S' | 'Z' | 'E' | 'AE' | 'O'
      /** In per cent; above 0 for category S alone. */
      readonly rate?: string | undefined
    }
  }[]
  /** Why lines of category E bear no tax. */
  readonly exemption_reason?: string | undefined
  /** The day until which the intent is open when absent. */
  readonly due?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreateKeyAnswer = NewKey | Approval

export type CreateKeyBody = {
  /** By which a person knows what it is for. */
  readonly name: string
  /** For whom an operator makes it. Absent: for whoever asks. */
  readonly party?: string | undefined
  /** What a restricted key may do, by resource; write holds read. Absent: all that its holder may. */
  readonly can?: { readonly [key in 'acts' | 'admissions' | 'agents' | 'approvals' | 'balances' | 'channels' | 'decisions' | 'disputes' | 'events' | 'exchanges' | 'facilitator' | 'invoices' | 'keys' | 'ledger' | 'lightning' | 'lightning_addresses' | 'lightning_destinations' | 'listings' | 'logins' | 'parties' | 'payment_intents' | 'payment_links' | 'payments' | 'payouts' | 'plans' | 'rails' | 'rates' | 'reconciliation' | 'refunds' | 'routing' | 'search' | 'spending' | 'splits' | 'standing_orders' | 'subscriptions' | 'suspense' | 'test' | 'verify' | 'wallet_apps' | 'webhook_endpoints' | 'withdraw_links']?: 'read' | 'write' | undefined } | undefined
  /** From where alone it is good. Absent: from anywhere. */
  readonly addresses?: readonly string[] | undefined
  readonly expires_in_s?: number | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
  /** Whose of the party it is. Absent: that of who makes it, or the party’s own. */
  readonly person?: string | undefined
  /** What that person may do. It goes with person. */
  readonly role?: 'viewer' | 'operator' | 'approver' | 'admin' | undefined
  /** A key for the source of a page: it reads what a payer of an intent reads. */
  readonly publishable?: true | undefined
}

export type CreateLightningAddressBody = {
  readonly name: string
  readonly party: string
  readonly description: string
  readonly min?: {
    readonly asset: 'BTC'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  readonly max?: {
    readonly asset: 'BTC'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  readonly comment_max?: number | undefined
  readonly payer_data?: {
    readonly name?: {
      readonly mandatory: boolean
    } | undefined
    readonly email?: {
      readonly mandatory: boolean
    } | undefined
    readonly identifier?: {
      readonly mandatory: boolean
    } | undefined
    readonly pubkey?: {
      readonly mandatory: boolean
    } | undefined
  } | undefined
  readonly success?: {
    readonly tag: 'message'
    readonly message: string
  } | {
    readonly tag: 'url'
    readonly description: string
    readonly url: string
  } | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreateLoginBody = {
  readonly action?: 'register' | 'login' | 'link' | 'auth' | undefined
}

export type CreateNodeWithdrawalBody = {
  readonly address: string
  readonly amount_sat: 'all' | string
  readonly fee_rate?: string | undefined
  readonly max_fee_sat?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreatePartyBody = {
  readonly name: string
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreatePaymentIntentBody = {
  readonly amount: {
    readonly asset: 'USD'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  }
  readonly split?: string | undefined
  readonly payee?: string | undefined
  readonly description?: string | undefined
  /** Who sells, as the page says it. Absent: the name of the party that is paid. */
  readonly seller?: string | undefined
  /** Your own number of it, which the page shows. */
  readonly order_id?: string | undefined
  /** Where the page leads when it is done. */
  readonly return_url?: string | undefined
  /** Shops whose own pages may show the page in a frame. Absent: none. */
  readonly embed_origins?: readonly string[] | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
  /** Up to 30 days. After a day its offers are made anew when somebody looks at it. */
  readonly expires_in_s?: number | undefined
  readonly rails?: readonly ('lightning' | 'evm' | 'bank' | 'bank:us' | 'bank:us-same-day' | 'book' | 'custom' | string)[] | undefined
}

export type CreatePaymentLinkBody = {
  /** What each payer pays. Absent: the payer chooses between amount_min and amount_max. */
  readonly amount?: {
    readonly asset: 'USD'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  readonly amount_min?: {
    readonly asset: 'USD'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  readonly amount_max?: {
    readonly asset: 'USD'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  readonly payee?: string | undefined
  readonly split?: string | undefined
  readonly description?: string | undefined
  /** Who sells, as the page says it. Absent: the name of the party that is paid. */
  readonly seller?: string | undefined
  readonly return_url?: string | undefined
  /** Every intent that the link makes has it too. */
  readonly metadata?: { readonly [key: string]: string } | undefined
  /** How many may pay by it. Absent: as many as like. */
  readonly uses_max?: number | undefined
  /** From when on nobody can begin to pay by it. */
  readonly expires_at?: string | undefined
  /** How long each payer has. Of few uses one is held so long for him. */
  readonly pay_within_s?: number | undefined
}

export type CreatePayoutAnswer = Payout | Approval

export type CreatePayoutBatchAnswer = PayoutBatch | Approval

export type CreatePayoutBatchBody = {
  readonly party: string
  /** What all rows are paid in, by its id or code. */
  readonly asset: string
  readonly rows: readonly {
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
    readonly destinations: readonly ({
      readonly kind: 'lightning_invoice'
      readonly invoice: string
    } | {
      readonly kind: 'lightning_node'
      readonly node_id: string
      readonly records?: readonly {
        readonly type: string
        readonly value: string
      }[] | undefined
    } | {
      readonly kind: 'lightning_offer'
      readonly offer: string
    } | {
      readonly kind: 'lightning_address'
      readonly address: string
    } | {
      readonly kind: 'lnurl'
      readonly lnurl: string
    } | {
      readonly kind: 'bitcoin_uri'
      readonly uri: string
    } | {
      readonly kind: 'evm_address'
      readonly address: string
    } | {
      readonly kind: 'iban'
      readonly iban: string
      readonly name: string
    } | {
      readonly kind: 'us_account'
      readonly routing_number: string
      readonly account_number: string
      readonly account_type: 'checking' | 'savings'
      readonly name: string
      readonly holder?: 'person' | 'company' | undefined
    } | {
      readonly kind: 'party'
      readonly party: string
    } | {
      readonly kind: 'custom'
      readonly rail: string
      readonly account: string
    })[]
    readonly reference?: string | undefined
    readonly metadata?: { readonly [key: string]: string } | undefined
    /** As that of the batch, for this row alone. */
    readonly deliver_by?: string | undefined
    /** What the balance bears at most of this row's fee above the operator's budget; nothing when absent. */
    readonly fee_max?: string | undefined
  }[]
  /** Each row is judged by itself. refuse_all: one that is refused refuses the batch. pay_others: the others are paid. */
  readonly on_refused?: 'refuse_all' | 'pay_others' | undefined
  /** Each payee has good funds by then, or no try is made; a row may say another time. Refused where no rail can. */
  readonly deliver_by?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreatePayoutBody = {
  readonly party?: string | undefined
  readonly surplus?: string | undefined
  readonly amount?: {
    readonly asset: string
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  readonly destinations?: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: string
    readonly account: string
  })[] | undefined
  /** A quote of this party, used with exactly its numbers: with party, reference and metadata, and nothing else. */
  readonly quote?: string | undefined
  readonly reference?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
  readonly netting?: {
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly max_amount?: string | undefined
    readonly max_count?: number | undefined
    readonly max_age_s: number
  } | undefined
  /** No try is made before it. At most 366 days from now; its money is held meanwhile. */
  readonly send_at?: string | undefined
  /** The payee has good funds by then, on the calendar of the rail, or no try is made. Refused where no rail can. */
  readonly deliver_by?: string | undefined
  /** As deliver_by, and until then it waits for the cheapest time, where a chain’s price may fall. It can be canceled while it waits. */
  readonly cheapest_by?: string | undefined
  /**
   * platform, as when absent: the operator bears the fee, within its budget. payer and payee: it is fixed now, and the source pays it besides, or the
   * payee gets so much less.
   */
  readonly fee_bearer?: 'platform' | 'payer' | 'payee' | undefined
  /** when_needed, as when absent: what is too much for each way is paid in parts, to places that can be paid more than once. never: whole or not at all. */
  readonly parts?: 'when_needed' | 'never' | undefined
  /**
   * What the source bears at most, in the asset of the amount, of a fee above the operator's budget; nothing when absent. With fee_bearer payer or
   * payee: the most that the fixed fee may be.
   */
  readonly fee_max?: string | undefined
}

export type CreatePlanBody = {
  /** What is paid each period, until the price is set anew. */
  readonly amount: {
    readonly asset: 'USD'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  }
  readonly interval: 'day' | 'week' | 'month' | 'year'
  /** Every so many: 3 months are a quarter. */
  readonly interval_count?: number | undefined
  /** Days before the first period begins. */
  readonly trial_days?: number | undefined
  readonly payee?: string | undefined
  readonly split?: string | undefined
  readonly description?: string | undefined
  /** Who sells, as the page says it. Absent: the name of the party that is paid. */
  readonly seller?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreateQuoteBody = {
  readonly party: string
  /** What the balance pays in all; the payee gets what is left of it. */
  readonly send?: {
    readonly asset: string
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  /** What the payee gets, in the asset of the rail; the balance pays what that costs. */
  readonly receive?: {
    readonly asset: string
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  /** With receive: the asset of the balance that pays; the asset of balances when absent. */
  readonly from_asset?: string | undefined
  readonly destinations: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: string
    readonly account: string
  })[]
  /** platform: the operator. payee, with send: it comes out of what is sent. payer, with receive: the balance pays it besides. */
  readonly fee_bearer?: 'platform' | 'payer' | 'payee' | undefined
  readonly expires_in_s?: number | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreateRefundAnswer = Refund | Approval

export type CreateRefundBody = {
  /** The receipt of what was paid. */
  readonly payment?: string | undefined
  /** The same, as it was called first. */
  readonly receipt?: string | undefined
  /** Instead of the receipt: the intent that was paid. */
  readonly payment_intent?: string | undefined
  readonly amount?: {
    readonly asset: string
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  /**
   * Where it goes. Absent: to what paid, where that is known, else where its payer says, by the link of the answer, as for link. A key needs payouts:
   * write to name it.
   */
  readonly to?: 'link' | {
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: string
    readonly account: string
  } | undefined
  /** How long it waits for its payer; then it is with those who have paid for it again. 90 days when absent. */
  readonly expires_in_s?: number | undefined
  readonly reason?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreateSplitBody = {
  readonly label?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
  readonly payees: readonly {
    readonly party: string
    /** The EVM account that the contract pays. Absent: the party is paid in the books. */
    readonly account?: string | undefined
    readonly shares: number
  }[]
}

export type CreateStandingOrderBody = {
  /** Whose balance it pays out, where an operator makes it. Absent: that of who asks. */
  readonly party?: string | undefined
  /** Of the balance, and of every amount here. */
  readonly asset: string
  /** A Lightning Address, an EVM address, an IBAN, an account in the US or a party. */
  readonly destination: {
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: string
    readonly account: string
  }
  readonly every: 'hour' | 'day' | 'week' | 'month'
  /** Of the week, 1 is Monday; or of the month, whose last day stands for one that it does not have. Absent: the first. */
  readonly day?: number | undefined
  /** Of the day, in UTC. Absent: 0. */
  readonly hour?: number | undefined
  /** What each run pays. Absent: all that is above `keep`. */
  readonly amount?: string | undefined
  /** What stays on the balance. Absent: nothing. */
  readonly keep?: string | undefined
  /** It pays only when the balance has more than this. An order of every hour needs it. */
  readonly when_above?: string | undefined
  /** What the balance bears at most, each time, of a fee above the operator's budget; nothing when absent. */
  readonly fee_max?: string | undefined
  readonly reference?: string | undefined
  /** Every payout that it makes has it too. */
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreateSubscriptionBody = {
  readonly plan: string
  /** The party that pays out of its balance, once it has consented. Absent: whoever has the page of a period pays it. */
  readonly subscriber?: string | undefined
  /** The intent of each period has it too. */
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreateWalletAppAnswer = WalletApp | Approval

export type CreateWalletAppBody = {
  readonly party: string
  readonly name: string
  readonly methods?: readonly ('get_info' | 'get_balance' | 'get_budget' | 'make_invoice' | 'pay_invoice' | 'pay_keysend' | 'lookup_invoice' | 'list_transactions')[] | undefined
  readonly budget?: {
    readonly asset: 'BTC'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  readonly period?: 'never' | 'daily' | 'weekly' | 'monthly' | 'yearly' | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
  readonly expires_in_s?: number | undefined
}

export type CreateWebhookEndpointBody = {
  /** Where events are sent by POST. Outside a local network over https, to a public address; redirects are not followed. */
  readonly url: string
  /** Types, or families such as `payout.*`, also of types that come later. Absent: all. */
  readonly types?: readonly string[] | undefined
  readonly description?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type CreateWithdrawLinkAnswer = WithdrawLink | Approval

export type CreateWithdrawLinkBody = {
  readonly party: string
  readonly amount: {
    readonly asset: string
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  }
  readonly uses?: number | undefined
  readonly description?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
  readonly expires_in_s?: number | undefined
}

/** What rails, the ledger and those whose money it is say, in units, signed with the key of receipts. */
export type DayProof = {
  readonly proof: {
    readonly day: string
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly journal: {
      readonly seq: number
      readonly hash: string
    }
    readonly rails: readonly {
      readonly account: string
      readonly asset: string
      /** A whole number as text, because it may be larger than a double holds. */
      readonly rail: string
      /** A whole number as text, because it may be larger than a double holds. */
      readonly ledger: string
      /** A whole number as text, because it may be larger than a double holds. */
      readonly less: string
      /** A whole number as text, because it may be larger than a double holds. */
      readonly more: string
    }[]
    readonly assets: readonly {
      readonly asset: string
      /** A whole number as text, because it may be larger than a double holds. */
      readonly ledger: string
      /** A whole number as text, because it may be larger than a double holds. */
      readonly unspoken: string
      readonly told: readonly {
        readonly owner: string
        /** A whole number as text, because it may be larger than a double holds. */
        readonly units: string
      }[]
    }[]
    /** Rails that did not say what they hold. */
    readonly silent: readonly string[]
  }
  readonly key_id: string
  readonly signature: string
}

export type DecideDisputeAnswer = Dispute | Approval

export type DecideDisputeBody = {
  readonly outcome: 'won' | 'lost'
  /** Of lost: where it goes, as POST /v1/refunds takes it. */
  readonly to?: 'link' | {
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: string
    readonly account: string
  } | undefined
}

/** Why a payout took the rail it took: each candidate with its cost in full. */
export type Decision = {
  readonly object: 'decision'
  readonly id: string
  readonly payout_id: string
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly amount: CodedMoney
  /** A decimal number of whole units, never a float. */
  readonly worth_usd: string
  readonly attempts_max: number
  /** A decimal number of whole units, never a float. */
  readonly expected_cost_usd: string
  /** A decimal number of whole units, never a float. */
  readonly cost_of_not_paying_usd: string
  /** What the cheapest fee first would be expected to cost, by the same terms. */
  readonly cheapest_first_cost_usd?: string | undefined
  readonly order: readonly number[]
  readonly would_change_if?: {
    readonly term: string
    /** A decimal number of whole units, never a float. */
    readonly now_usd: string
    /** A decimal number of whole units, never a float. */
    readonly must_rise_by_usd: string
    readonly in_favour_of: number | null
    readonly why: string
  } | undefined
  /** The routing policy that it was judged by. */
  readonly policy?: {
    readonly party: string
    readonly version: number
  } | undefined
  /** By which way the plan of its batch has it paid; another one had to cost so much less. */
  readonly planned?: {
    readonly rail: string
    readonly destination: number
    /** A decimal number of whole units, never a float. */
    readonly prefer_usd: string
  } | undefined
  /** In which parts it is paid, where it is too much for each way. */
  readonly parts?: readonly {
    readonly rail: string
    readonly destination: number
    readonly amount: CodedMoney
    /** A decimal number of whole units, never a float. */
    readonly expected_cost_usd: string
    readonly why: string
  }[] | undefined
  /** Why it was sent when it was, where it could wait for a cheaper time. */
  readonly timing?: {
    /** RFC 3339, in UTC. */
    readonly cheapest_by: string
    readonly reason: string
    readonly why: string
    /** A decimal number of whole units, never a float. */
    readonly cost_usd: string
    /** A decimal number of whole units, never a float. */
    readonly lowest_usd?: string | undefined
  } | undefined
  readonly prices?: {
    readonly wait_nano_per_second: string
    readonly capital_ppt_per_second: string
  } | undefined
  readonly rates: readonly { readonly [key: string]: unknown }[]
  readonly candidates: readonly {
    readonly rail: string
    readonly destination: number
    readonly verdict: string
    readonly why: string
    readonly rank?: number | undefined
    readonly amount?: CodedMoney | undefined
    readonly fee_max?: CodedMoney | undefined
    /** What it has otherwise than the first try of the same way, which failed. */
    readonly changed?: readonly string[] | undefined
    readonly success_ppm?: string | undefined
    /** The chance as the rail says it, where earlier tries taught another. */
    readonly rail_ppm?: string | undefined
    /** Its seconds to good funds as the rail says them, where earlier payments taught other ones. */
    readonly rail_seconds?: string | undefined
    /** Its fee as the rail says it, where earlier payments or the operator say another. */
    readonly rail_fee_usd?: string | undefined
    /** When the payee has good funds if it is tried now and pays, on the rail’s own calendar. */
    readonly good_funds_at?: string | undefined
    readonly terms?: { readonly [key: string]: string } | undefined
    /** A decimal number of whole units, never a float. */
    readonly dearer_by_usd?: string | undefined
    readonly inputs?: {
      readonly seconds_to_funds: string
      readonly seconds_to_fail: string
      /** A decimal number of whole units, never a float. */
      readonly available_usd: string
    } | undefined
    readonly reason?: string | undefined
  }[]
  /** Once it is paid: what it came to, and by how much another way was reckoned to cost less. */
  readonly realised?: {
    readonly rail: string
    /** A decimal number of whole units, never a float. */
    readonly fee_usd: string
    readonly fee_is: 'told' | 'expected'
    readonly waited_seconds: string
    /** A decimal number of whole units, never a float. */
    readonly cost_usd: string
    /** A decimal number of whole units, never a float. */
    readonly expected_usd: string
    /** A decimal number of whole units, never a float. */
    readonly regret_usd: string
    readonly why: string
  } | undefined
}

export type Delivery = {
  readonly event: string
  readonly object: 'delivery'
  readonly type: string
  readonly subject: string
  /** dead: given up after ten tries over three days; replay brings it again. */
  readonly status: 'waiting' | 'delivered' | 'dead'
  readonly next_try_at: string | null
  readonly tries: readonly {
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly took_ms: number
    /** null: nothing was answered. */
    readonly status: number | null
    readonly detail: string
  }[]
}

/** As RFC 8628 answers, section 3.2. */
export type DeviceCode = {
  /** The program’s own secret, by which it asks for its key. */
  readonly device_code: string
  /** What a person types. */
  readonly user_code: string
  readonly verification_uri: string
  /** The same with the code in it, for a link or a QR code. */
  readonly verification_uri_complete: string
  /** Seconds. */
  readonly expires_in: number
  /** Seconds between two questions for the key. */
  readonly interval: number
}

/** The agent’s API key: send it as Authorization: Bearer. */
export type DeviceKey = {
  readonly access_token: string
  readonly token_type: 'Bearer'
  readonly agent: string
}

/** What a payer contests of a payment that has settled. */
export type Dispute = {
  readonly object: 'dispute'
  readonly id: string
  readonly status: 'needs_evidence' | 'under_review' | 'won' | 'lost'
  readonly receipt: string
  readonly payment_intent: string | null
  readonly payee: string
  /** The rail that it was paid by. */
  readonly rail: string
  readonly amount: Money
  readonly paid: Money
  /** Of what was paid, what could still go back when this was opened. */
  readonly left: Money
  /** What was taken from whom, which each has again when it is won. */
  readonly reserve: readonly {
    readonly from: string
    readonly amount: Money
  }[]
  readonly reason: 'not_received' | 'not_as_described' | 'not_authorized' | 'duplicate' | 'other'
  readonly note: string
  readonly evidence: readonly {
    readonly text: string
    readonly references: readonly {
      readonly kind: 'receipt' | 'delivery' | 'log'
      readonly value: string
    }[]
    readonly submitted_by: string
    /** RFC 3339, in UTC. */
    readonly submitted_at: string
  }[]
  /** By which an agent has paid what is disputed: told to operators. */
  readonly mandate: UsedMandate | null
  /** RFC 3339, in UTC. */
  readonly evidence_due_at: string
  /** Its time was over without evidence, and an operator decides. */
  readonly overdue: boolean
  readonly cause: 'decided' | 'accepted' | 'expired' | null
  /** What it became when it was lost. */
  readonly refund: string | null
  readonly metadata: { readonly [key: string]: string }
  readonly opened_by: string
  /** RFC 3339, in UTC. */
  readonly opened_at: string
  readonly decided_by: string | null
  readonly decided_at: string | null
  readonly payment_url: string
}

/** What is due to the payer of work that was not delivered. */
export type DueRefund = {
  readonly object: 'refund'
  readonly receipt: string
  readonly rail: string
  readonly amount: Money | null
  readonly left: Money | null
  readonly state: 'none' | 'due' | 'paying' | 'unknown' | 'refunded'
  readonly to: string | null
  readonly last_try: {
    readonly status: string
    readonly reasons: readonly string[]
  } | null
  readonly payment_url: string
  /** The refund of its own that the link opens: what a payee gave back. */
  readonly given?: {
    readonly id: string
    readonly status: 'pending' | 'needs_claim' | 'sending' | 'unknown' | 'succeeded' | 'failed' | 'expired' | 'canceled'
    /** RFC 3339, in UTC. */
    readonly expires_at: string
  } | undefined
}

export type EmptyRefund = {
  readonly object: 'refund'
  readonly receipt: string
  readonly rail: string
  readonly amount: Money | null
  readonly left: Money | null
  readonly state: 'none' | 'due' | 'paying' | 'unknown' | 'refunded'
  readonly to: string | null
  readonly last_try: {
    readonly status: string
    readonly reasons: readonly string[]
  } | null
  readonly payment_url: string
  /** The refund of its own that the link opens: what a payee gave back. */
  readonly given?: {
    readonly id: string
    readonly status: 'pending' | 'needs_claim' | 'sending' | 'unknown' | 'succeeded' | 'failed' | 'expired' | 'canceled'
    /** RFC 3339, in UTC. */
    readonly expires_at: string
  } | undefined
  readonly status: 'ERROR'
  readonly reason: string
}

export type EndAttemptBody = {
  readonly outcome: 'settled' | 'failed'
  readonly reason: string
  /** What shows that it was paid: the preimage, the hash of the transaction, the bank’s reference. Needed for settled. */
  readonly evidence?: string | undefined
}

/** What the rail says proves it: a transaction, a preimage, a line of a statement. at in ms. */
export type Evidence = {
  readonly rail: string
  readonly id: string
  readonly at: number
  readonly proof?: string | undefined
}

/** A payment on one rail that is taken only if a payout on another is made. */
export type Exchange = {
  readonly object: 'exchange'
  readonly id: string
  readonly status: string
  readonly party: string
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly pay: {
    readonly kind: 'held_invoice'
    readonly invoice: string
    readonly payment_hash: string
    readonly network: string
    readonly amount: CodedMoney
    readonly fee: CodedMoney
    /** RFC 3339, in UTC. */
    readonly expires_at: string
  } | {
    readonly kind: 'payment_intent'
    readonly intent: string
    readonly amount: CodedMoney
    /** RFC 3339, in UTC. */
    readonly expires_at: string
    readonly refund_to: readonly ({
      readonly kind: 'lightning_invoice'
      readonly invoice: string
    } | {
      readonly kind: 'lightning_node'
      readonly node_id: string
      readonly records?: readonly {
        readonly type: string
        readonly value: string
      }[] | undefined
    } | {
      readonly kind: 'lightning_offer'
      readonly offer: string
    } | {
      readonly kind: 'lightning_address'
      readonly address: string
    } | {
      readonly kind: 'lnurl'
      readonly lnurl: string
    } | {
      readonly kind: 'bitcoin_uri'
      readonly uri: string
    } | {
      readonly kind: 'evm_address'
      readonly address: string
    } | {
      readonly kind: 'iban'
      readonly iban: string
      readonly name: string
    } | {
      readonly kind: 'us_account'
      readonly routing_number: string
      readonly account_number: string
      readonly account_type: 'checking' | 'savings'
      readonly name: string
      readonly holder?: 'person' | 'company' | undefined
    } | {
      readonly kind: 'party'
      readonly party: string
    } | {
      readonly kind: 'custom'
      readonly rail: unknown
      readonly account: string
    })[]
  }
  readonly payout: {
    readonly id: string
    readonly state: string
    readonly amount: CodedMoney
    readonly destinations: readonly ({
      readonly kind: 'lightning_invoice'
      readonly invoice: string
    } | {
      readonly kind: 'lightning_node'
      readonly node_id: string
      readonly records?: readonly {
        readonly type: string
        readonly value: string
      }[] | undefined
    } | {
      readonly kind: 'lightning_offer'
      readonly offer: string
    } | {
      readonly kind: 'lightning_address'
      readonly address: string
    } | {
      readonly kind: 'lnurl'
      readonly lnurl: string
    } | {
      readonly kind: 'bitcoin_uri'
      readonly uri: string
    } | {
      readonly kind: 'evm_address'
      readonly address: string
    } | {
      readonly kind: 'iban'
      readonly iban: string
      readonly name: string
    } | {
      readonly kind: 'us_account'
      readonly routing_number: string
      readonly account_number: string
      readonly account_type: 'checking' | 'savings'
      readonly name: string
      readonly holder?: 'person' | 'company' | undefined
    } | {
      readonly kind: 'party'
      readonly party: string
    } | {
      readonly kind: 'custom'
      readonly rail: unknown
      readonly account: string
    })[]
    readonly reference: string
  }
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly held_at?: string | undefined
  /** RFC 3339, in UTC. */
  readonly decide_by?: string | undefined
  readonly returned?: string | undefined
  readonly refund?: string | undefined
  readonly exceptions: readonly unknown[]
}

export type FacilitatorAccount = {
  readonly object: 'facilitator_account'
  readonly in_flight: {
    readonly used: number
    readonly most: number
  }
  readonly today: {
    readonly taken: {
      readonly used: number
      readonly most: number
    }
    readonly failed: {
      readonly used: number
      readonly most: number
    }
  }
  readonly assets: readonly {
    readonly network: string
    readonly token: string
    readonly extra: {
      readonly name: string
      readonly version: string
    }
    readonly fee: Money
  }[]
}

export type FacilitatorKinds = {
  readonly kinds: readonly {
    readonly x402Version: 2
    readonly scheme: 'exact'
    readonly network: string
  }[]
  readonly extensions: readonly string[]
  readonly signers: { readonly [key: string]: readonly string[] }
}

/** What a client of a facilitator sends (x402 v2): the payment, and the terms it is for. */
export type FacilitatorRequestInput = {
  readonly x402Version: 2
  readonly paymentPayload: { readonly [key: string]: unknown }
  readonly paymentRequirements: {
    readonly scheme: string
    readonly network: string
    readonly asset: string
    readonly payTo: string
    readonly amount: string
    readonly maxTimeoutSeconds: number
    readonly extra?: {
      readonly name?: string | undefined
      readonly version?: string | undefined
      readonly assetTransferMethod?: string | undefined
    } | null | undefined
  }
}

export type FacilitatorSettlement = {
  readonly success: boolean
  readonly transaction: string
  readonly network: string
  readonly payer?: string | undefined
  readonly amount?: string | undefined
  /** settlement_pending: ask again with the same payment. */
  readonly errorReason?: string | undefined
  readonly errorMessage?: string | undefined
}

export type FacilitatorVerification = {
  readonly isValid: boolean
  readonly payer?: string | undefined
  readonly invalidReason?: string | undefined
  readonly invalidMessage?: string | undefined
}

/** A line of the journal as it was written; docs/facts.md lists the types. */
export type Fact = {
  readonly block: number
  readonly type: string
  readonly id: string
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly data: unknown
}

export type FetchDueRefundAnswer = {
  readonly status: 'OK'
} | WalletRefusal

export type FetchDueRefundQuery = {
  readonly k1: string
  readonly pr: string
}

/** The same with what a wallet needs to fetch it by an invoice (LUD-03). */
export type FetchableRefund = {
  readonly object: 'refund'
  readonly receipt: string
  readonly rail: string
  readonly amount: Money | null
  readonly left: Money | null
  readonly state: 'none' | 'due' | 'paying' | 'unknown' | 'refunded'
  readonly to: string | null
  readonly last_try: {
    readonly status: string
    readonly reasons: readonly string[]
  } | null
  readonly payment_url: string
  /** The refund of its own that the link opens: what a payee gave back. */
  readonly given?: {
    readonly id: string
    readonly status: 'pending' | 'needs_claim' | 'sending' | 'unknown' | 'succeeded' | 'failed' | 'expired' | 'canceled'
    /** RFC 3339, in UTC. */
    readonly expires_at: string
  } | undefined
  readonly lnurl: string
  readonly tag: 'withdrawRequest'
  readonly callback: string
  readonly k1: string
  readonly defaultDescription: string
  /** Millisatoshi. */
  readonly minWithdrawable: number
  /** Millisatoshi. */
  readonly maxWithdrawable: number
}

export type FindLedgerPaymentsAnswer = {
  readonly data: readonly string[]
}

export type FindLedgerPaymentsQuery = {
  readonly key: string
  readonly value: string
}

export type GetAccountingJournalQuery = {
  /** The first day. */
  readonly from: string
  /** The last day, which is in it. At most 366 days. */
  readonly to: string
  /** Where a day begins: a name of the IANA database, such as Europe/Berlin. */
  readonly time_zone?: string | undefined
  /**
   * What the bookkeeper calls ours: party=1600,rail:bank@EUR=1201. Of all whose path begins so; the longest counts. Without it, all have their own
   * names.
   */
  readonly accounts?: string | undefined
}

export type GetAgentStatementAnswer = {
  readonly object: 'agent_statement'
  readonly agent: string
  readonly mandate: Mandate | null
  readonly day: string
  readonly spent: Money
  readonly data: readonly {
    readonly n: number
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly receipt: string
    readonly kind: 'paid' | 'returned'
    readonly amount: Money
  }[]
  readonly has_more: boolean
  /** The before of the next page. */
  readonly next: number | null
}

export type GetAgentStatementQuery = {
  /** A UTC day. Absent: today. */
  readonly day?: string | undefined
  readonly limit?: number | undefined
  /** Those before this n. */
  readonly before?: number | undefined
}

export type GetAuditConsistencyAnswer = {
  readonly from: number
  readonly to: number
  readonly proof: readonly string[]
}

export type GetAuditConsistencyQuery = {
  readonly from: number
  readonly to: number
}

export type GetBalanceSheetQuery = {
  /** Currencies by the reference rates of this day, or the last before it. */
  readonly rates_of?: string | undefined
}

export type GetChannelQuery = {
  readonly rail?: string | undefined
}

export type GetChannelTermsAnswer = {
  readonly data: readonly {
    readonly rail: string
    readonly chain_id: number
    readonly hub: string
    readonly split_id: string
    readonly closer: string
    readonly token: {
      readonly address: string
      readonly name: string
      readonly version: string
    }
    readonly deposit_min: {
      readonly asset: string
      /** A decimal number of whole units, never a float. */
      readonly amount: string
      /** A whole number as text, because it may be larger than a double holds. */
      readonly units: string
    }
  }[]
}

export type GetDecisionAnswer = Decision | OfferDecision

export type GetDeviceKeyBody = {
  readonly device_code: string
}

export type GetDueRefundAnswer = RefundWithLink | FetchableRefund | EmptyRefund | DueRefund

export type GetKeysendTermsAnswer = KeysendTerms | WalletRefusal

export type GetLightningDestinationQuery = {
  readonly to: string
}

export type GetLnurlPayTermsAnswer = LnurlPayTerms | WalletRefusal

export type GetLnurlWithdrawTermsAnswer = LnurlWithdrawTerms | WalletRefusal

export type GetLnurlWithdrawTermsQuery = {
  readonly k1: string
}

export type GetPaymentIntentAnswer = PaymentIntent | PayableIntent

export type GetPayoutBatchQuery = {
  /** Seconds to wait for its end before it is shown as it is. */
  readonly wait?: number | undefined
}

export type GetPayoutQuery = {
  /** Seconds to wait for its end before it is shown as it is. */
  readonly wait?: number | undefined
}

export type GetProfitQuery = {
  /** The first day. */
  readonly from: string
  /** The last day, which is in it. At most 366 days. */
  readonly to: string
  /** Where a day begins: a name of the IANA database, such as Europe/Berlin. */
  readonly time_zone?: string | undefined
}

export type GetStatementQuery = {
  /** Whose. A party reads its own without it. */
  readonly party?: string | undefined
  /** The first day. */
  readonly from: string
  /** The last day, which is in it. At most 366 days. */
  readonly to: string
  /** Where a day begins: a name of the IANA database, such as Europe/Berlin. */
  readonly time_zone?: string | undefined
  /** In one asset; camt053 and mt940 need one, and a currency. */
  readonly asset?: string | undefined
  /** Without it as Accept says: text/csv, application/xml (camt053), else JSON. Only JSON has pages. */
  readonly format?: 'json' | 'csv' | 'camt053' | 'mt940' | undefined
  readonly limit?: number | undefined
  readonly after?: string | undefined
}

export type GetTrialBalanceItem = {
  readonly account: string
  readonly asset: string
  readonly asset_id: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly debits: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly credits: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly debits_pending: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly credits_pending: string
}

export type GetTrialBalanceQuery = {
  readonly limit?: number | undefined
  readonly after?: string | undefined
}

export type GrantDeviceCodeAnswer = Agent | Approval

export type GrantDeviceCodeBody = {
  /** Whose balance it spends, where an operator makes it. Absent: that of who asks. */
  readonly party?: string | undefined
  readonly name: string
  /** US dollars that one request may cost. */
  readonly request_usd_max: string
  /** US dollars that it may spend in a UTC day. */
  readonly day_usd_max: string
  /** To a request that costs more a person of the party agrees. Absent: the agent asks nobody. */
  readonly approval_above_usd?: string | undefined
  /** Whom alone it may pay. Absent: anybody. */
  readonly payees?: readonly string[] | undefined
  readonly expires_in_s?: number | undefined
  /** What somebody has signed that it may spend: with the limits above the lesser of each counts. */
  readonly mandate?: {
    /** An open payment mandate of AP2 0.2, as an SD-JWT that ends with "~". */
    readonly payment: string
    /** The open checkout mandate that it refers to, where it does. */
    readonly checkout?: string | undefined
    /** The public key (JWK) of who has signed both, as you know it and not as the mandate says it. */
    readonly issuer_key: {
      readonly kty: 'EC'
      readonly crv: 'P-256'
      readonly x: string
      readonly y: string
    }
  } | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

export type HandOverAuthorizationBody = {
  readonly rail: 'evm' | string
  readonly authorization: {
    readonly from: string
    readonly value: string
    readonly valid_after: string
    readonly valid_before: string
    readonly signature: string
  }
}

/** The authorization is with its chain, whose word settles the intent. */
export type HandedOver = {
  readonly id: string
  readonly object: 'payment_intent'
  readonly outcome: 'settled' | 'unknown'
  readonly transaction?: string | undefined
}

export type HeldSplit = {
  readonly id: string
  readonly object: 'split'
  readonly split_id: string
  readonly root: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly total_shares: string
  readonly metadata_hash: string
  readonly metadata: { readonly [key: string]: string }
  readonly payees: readonly {
    readonly party: string
    readonly account: string
    readonly paid_by: 'contract' | 'books'
    /** A whole number as text, because it may be larger than a double holds. */
    readonly shares: string
  }[]
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly rails: readonly {
    readonly rail: string
    readonly taken: boolean
    readonly divided_by: 'contract' | 'books'
    readonly why: string
  }[]
  readonly chains: readonly {
    readonly rail: string
    readonly asset: string
    /** A decimal number of whole units, never a float. */
    readonly undivided: string
    /** A decimal number of whole units, never a float. */
    readonly dust: string
    readonly entitlements: readonly {
      readonly party: string
      readonly account: string
      /** A decimal number of whole units, never a float. */
      readonly amount: string
    }[]
    readonly to_books: {
      readonly state: 'nothing' | 'gathering' | 'small' | 'due' | 'differs' | 'foreign' | 'under_way'
      readonly since: string | null
    } | null
  }[]
}

/** What a payment intent is for, on paper. It never changes; only its status follows its intent. */
export type Invoice = {
  readonly id: string
  readonly object: 'invoice'
  /** Of its payee, without gaps. */
  readonly number: string
  /** As its intent stands; void: that ended unpaid. */
  readonly status: 'open' | 'paid' | 'refunded' | 'void'
  readonly payment_intent: string
  readonly party?: string | undefined
  readonly split?: string | undefined
  readonly seller: {
    readonly name: string
    readonly address: {
      readonly street: string | null
      readonly city: string | null
      readonly postal_code: string | null
      readonly country: string
    }
    readonly vat_id: string | null
  }
  readonly buyer: {
    readonly name: string
    readonly address: {
      readonly street: string | null
      readonly city: string | null
      readonly postal_code: string | null
      readonly country: string
    }
    readonly vat_id: string | null
  }
  readonly lines: readonly {
    readonly description: string
    /** A decimal number of whole units, never a float. */
    readonly quantity: string
    readonly unit_price: Money
    readonly net: Money
    readonly tax: {
      readonly category: 'S' | 'Z' | 'E' | 'AE' | 'O'
      /** A decimal number of whole units, never a float. */
      readonly rate: string
    }
  }[]
  readonly taxes: readonly {
    readonly category: 'S' | 'Z' | 'E' | 'AE' | 'O'
    /** A decimal number of whole units, never a float. */
    readonly rate: string
    readonly base: Money
    readonly amount: Money
  }[]
  readonly net: Money
  readonly tax: Money
  readonly total: Money
  readonly exemption_reason: string | null
  readonly issued_on: string
  readonly due_on: string
  /** Whether its documents ask for nothing, because it was paid when it was issued. */
  readonly paid_at_issue: boolean
  /** Where a person pays it: a path on this gateway. */
  readonly page: string
  /** Its PDF: a path on this gateway, read with the same key. */
  readonly pdf: string
  /** Its e-invoice, in the same way. */
  readonly xml: string
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
}

export type KeepAnswerBody = {
  /** What the work has used of a price with `upto`, all in all: not above it, and not less than was said before. */
  readonly used?: {
    readonly amount: string
    readonly asset?: 'USD' | undefined
  } | undefined
  /** The answer has begun to go out and its work still uses: the word at its end follows. Only of a price with `upto`. */
  readonly open?: boolean | undefined
  readonly claim: string
  readonly attempt: string
  readonly status: number
  readonly content_type?: string | undefined
  /** Text that a repeat of the request is answered with. Absent where it is longer, streamed, or no text. */
  readonly body?: string | undefined
}

export type KeptAnswer = {
  readonly object: 'answer'
  readonly receipt: string
  readonly status: number
}

/** A mandate as it was given, to be shown to others. */
export type KeptMandate = {
  readonly object: 'mandate'
  readonly agent: string
  readonly payment: string
  readonly checkout: string | null
  readonly issuer_key: {
    readonly kty: 'EC'
    readonly crv: 'P-256'
    readonly x: string
    readonly y: string
  }
  /** Of the key that has signed it: its JWK thumbprint (RFC 7638). */
  readonly issuer: string
  readonly payment_sha256: string
  readonly checkout_sha256: string | null
}

export type Key = {
  readonly id: string
  readonly object: 'key'
  readonly name: string
  readonly status: 'active' | 'ending' | 'expired' | 'revoked'
  readonly kind: 'secret' | 'publishable'
  readonly party: string | null
  readonly person: string | null
  readonly role: 'viewer' | 'operator' | 'approver' | 'admin' | null
  readonly operator: string | null
  readonly agent: string | null
  readonly can: { readonly [key in 'acts' | 'admissions' | 'agents' | 'approvals' | 'balances' | 'channels' | 'decisions' | 'disputes' | 'events' | 'exchanges' | 'facilitator' | 'invoices' | 'keys' | 'ledger' | 'lightning' | 'lightning_addresses' | 'lightning_destinations' | 'listings' | 'logins' | 'parties' | 'payment_intents' | 'payment_links' | 'payments' | 'payouts' | 'plans' | 'rails' | 'rates' | 'reconciliation' | 'refunds' | 'routing' | 'search' | 'spending' | 'splits' | 'standing_orders' | 'subscriptions' | 'suspense' | 'test' | 'verify' | 'wallet_apps' | 'webhook_endpoints' | 'withdraw_links']?: 'read' | 'write' | undefined } | null
  readonly addresses: readonly string[] | null
  readonly ends_with: string | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly ends_at: string | null
  readonly last_used_at: string | null
}

export type KeysendTerms = {
  readonly status: 'OK'
  readonly tag: 'keysend'
  readonly pubkey: string
  readonly customData: readonly {
    readonly customKey: string
    readonly customValue: string
  }[]
}

export type LedgerAccount = {
  readonly account: string
  readonly asset: string
  readonly asset_id: string
  /** A decimal number of whole units, never a float. */
  readonly debits: string
  /** A decimal number of whole units, never a float. */
  readonly credits: string
  /** A decimal number of whole units, never a float. */
  readonly debits_pending: string
  /** A decimal number of whole units, never a float. */
  readonly credits_pending: string
  readonly changes: number
  /** RFC 3339, in UTC. */
  readonly created_at: string
}

/** A leg, or the release of a hold by time, with both balances after it. */
export type LedgerChange = {
  readonly n: number
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly kind: 'move' | 'hold' | 'post' | 'void' | 'expire'
  /** A decimal number of whole units, never a float. */
  readonly amount: string
  readonly asset: string
  readonly debit: string
  /** A decimal number of whole units, never a float. */
  readonly debit_balance: string
  readonly credit: string
  /** A decimal number of whole units, never a float. */
  readonly credit_balance: string
  readonly entry: string | null
  readonly payment: string | null
  readonly hold: number | null
  readonly timeout_s: number
}

export type LedgerEntry = {
  readonly id: string
  readonly object: 'entry'
  readonly payment: string
  readonly block: number
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly legs: number
  readonly changes: readonly LedgerChange[]
}

export type LedgerLag = {
  readonly block: number
  readonly head: number
  readonly blocks: number
  readonly submissions: number
  readonly seconds: number
  readonly complete: boolean
  readonly failure: string | null
  readonly money: readonly {
    readonly asset: string
    /** A whole number as text, because it may be larger than a double holds. */
    readonly units: string
  }[]
}

export type LightningAddress = {
  readonly object: 'lightning_address'
  readonly name: string
  readonly address: string
  readonly party: string
  readonly description: string
  readonly lnurl: string
  readonly min: Money
  readonly max: Money
  readonly comment_max: number
  /** A BOLT 12 offer, once one was asked for. */
  readonly offer: string | null
  readonly uri: string | null
  readonly payer_data: { readonly [key: string]: {
    readonly mandatory: boolean
  } }
  readonly success: {
    readonly tag: 'message'
    readonly message: string
  } | {
    readonly tag: 'url'
    readonly description: string
    readonly url: string
  } | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
}

export type LightningDestination = {
  readonly object: 'lightning_destination'
  readonly host: string
  readonly description: string
  readonly identifier: string | null
  readonly min: Money
  readonly max: Money
  readonly comment_max: number
}

export type LightningNode = {
  readonly backend: 'embedded' | 'lnd'
  readonly node_id: string
  readonly name: string
  readonly network: string
  readonly height: number
  readonly synced: boolean
  readonly peers: number
  /** What to look at, in words. */
  readonly alarms: readonly string[]
  readonly liquidity: {
    /** Thousandths of a satoshi, as text. */
    readonly outbound_msat: string
    /** Thousandths of a satoshi, as text. */
    readonly inbound_msat: string
    /** Thousandths of a satoshi, as text. */
    readonly unsettled_msat: string
    readonly htlc_slots_used: number
    readonly htlc_slots: number
    /** A whole number as text, because it may be larger than a double holds. */
    readonly inbound_hours_left?: string | undefined
  }
  readonly received_last_day: {
    readonly count: number
    /** Thousandths of a satoshi, as text. */
    readonly msat: string
  }
  readonly sent_last_day: {
    readonly settled: number
    /** How many, by their reason. */
    readonly failed: { readonly [key: string]: number }
    readonly open: number
    readonly stuck: number
    /** A whole number as text, because it may be larger than a double holds. */
    readonly fee_ppm?: string | undefined
    readonly p50_ms?: number | undefined
    readonly p99_ms?: number | undefined
  }
  readonly on_chain?: {
    /** Thousandths of a satoshi, as text. */
    readonly confirmed_msat: string
    /** Thousandths of a satoshi, as text. */
    readonly pending_msat: string
    readonly unexplained: readonly {
      readonly transaction: string
      /** Thousandths of a satoshi, as text. */
      readonly msat: string
    }[]
  } | undefined
  readonly channels: readonly {
    readonly id: string
    readonly peer: string
    readonly usable: boolean
    readonly announced: boolean
    readonly opened_by_us: boolean
    /** Thousandths of a satoshi, as text. */
    readonly local_msat: string
    /** Thousandths of a satoshi, as text. */
    readonly remote_msat: string
    /** Thousandths of a satoshi, as text. */
    readonly unsettled_msat: string
    /** Thousandths of a satoshi, as text. */
    readonly outbound_msat: string
    /** Thousandths of a satoshi, as text. */
    readonly inbound_msat: string
    readonly htlc_slots_used: number
    readonly htlc_slots: number
  }[]
  readonly under_way: readonly {
    readonly attempt: string
    readonly payment_hash: string
    readonly stuck: boolean
    /** RFC 3339, in UTC. */
    readonly since: string
  }[]
  readonly process?: {
    readonly memory_bytes: number
    readonly recycles: number
    readonly restarts: number
    /** Thousandths of a satoshi, as text. */
    readonly dust_msat: string
    /** Thousandths of a satoshi, as text. */
    readonly dust_max_msat: string
    /** A whole number as text, because it may be larger than a double holds. */
    readonly channels_closing: string
    readonly wallet_address: string
  } | undefined
  readonly backup?: {
    readonly file: string
    readonly channels?: number | undefined
    /** RFC 3339, in UTC. */
    readonly taken_at: string
  } | undefined
}

export type LightningOffer = {
  readonly object: 'lightning_offer'
  readonly name: string
  /** A BOLT 12 offer, once one was asked for. */
  readonly offer: string | null
  readonly uri: string | null
}

export type LightningQuote = {
  readonly possible: false
  readonly reason: string
  readonly detail: string
} | {
  readonly possible: true
  /** Thousandths of a satoshi, as text. */
  readonly fee_msat: string
  /** Thousandths of a satoshi, as text. */
  readonly fee_max_msat: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly success_ppm: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly seconds: string
  /** Thousandths of a satoshi, as text. */
  readonly available_msat: string
  readonly hops?: number | undefined
  readonly lock_blocks?: number | undefined
}

export type ListActsQuery = {
  readonly limit?: number | undefined
  /** The last act of the page before: those that were done before it. */
  readonly after?: string | undefined
  /** Only acts of this party. A party reads its own alone. */
  readonly party?: string | undefined
  readonly person?: string | undefined
  readonly key?: string | undefined
  /** An id, or a kind as rights name it: po_..., payouts. */
  readonly resource?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

export type ListAgentsAnswer = {
  readonly data: readonly Agent[]
}

export type ListAgentsQuery = {
  readonly party?: string | undefined
}

export type ListApprovalsAnswer = {
  readonly data: readonly (Approval | SuspenseAction)[]
}

export type ListBreaksQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly kind?: 'amount' | 'currency' | 'duplicate' | 'unexpected' | 'missing' | 'split_mismatch' | 'fee_mismatch' | undefined
  /** The id of the statement it was found in. */
  readonly statement?: string | undefined
  readonly status?: 'open' | 'asked' | 'resolved' | undefined
  /** A rail by its name, or by its kind for every rail of that kind. */
  readonly rail?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
}

export type ListDisputesQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly payment?: string | undefined
  readonly payment_intent?: string | undefined
  readonly status?: 'needs_evidence' | 'under_review' | 'won' | 'lost' | undefined
  /** A rail by its name, or by its kind for every rail of that kind. */
  readonly rail?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListEventsQuery = {
  readonly limit?: number | undefined
  /** The id of an event: what came after it; `first` for all. Without it a page begins at the first, a stream now. */
  readonly after?: string | undefined
  /** Types, or families such as `payout.*`, with commas between. */
  readonly type?: string | undefined
  /** The id of what events are about. */
  readonly subject?: string | undefined
}

export type ListExchangesQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListFacilitatedResourcesAnswer = {
  readonly x402Version: 2
  readonly items: readonly ListedResource[]
  readonly pagination: {
    readonly limit: number
    readonly offset: number
    readonly total: number
  }
}

export type ListFacilitatedResourcesQuery = {
  readonly type?: string | undefined
  readonly network?: string | undefined
  readonly scheme?: string | undefined
  readonly payTo?: string | undefined
  readonly extensions?: string | undefined
  readonly limit?: number | undefined
  readonly offset?: number | undefined
}

export type ListInvoicesQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly payment_intent?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListKeysQuery = {
  readonly limit?: number | undefined
  readonly after?: string | undefined
  /** Of one party, for an operator. */
  readonly party?: string | undefined
}

export type ListLedgerBalancesAnswer = {
  readonly data: readonly LedgerAccount[]
  /** RFC 3339, in UTC. */
  readonly as_of: string
}

export type ListLedgerBalancesQuery = {
  readonly prefix?: string | undefined
  readonly at?: string | undefined
  readonly limit?: number | undefined
}

export type ListLedgerHistoryAnswer = {
  readonly account: LedgerAccount
  readonly data: readonly LedgerChange[]
}

export type ListLedgerHistoryQuery = {
  readonly path: string
  readonly asset: string
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

export type ListLightningAddressesQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListNodeWithdrawalsAnswer = {
  readonly data: readonly NodeWithdrawal[]
}

export type ListPartiesQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListPaymentIntentsQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly status?: 'open' | 'settled' | 'canceled' | 'expired' | undefined
  /** A rail by its name, or by its kind for every rail of that kind. */
  readonly rail?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
  /** What is shown along, so that nobody has to ask again. */
  readonly expand?: 'payments' | undefined
}

export type ListPaymentLinksQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly status?: 'active' | 'inactive' | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListPaymentsQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly status?: 'held' | 'collecting' | 'settled' | 'failed' | 'refund_due' | 'refunded' | undefined
  /** A rail by its name, or by its kind for every rail of that kind. */
  readonly rail?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
}

export type ListPayoutBatchRowsItem = {
  /** Its place among the rows that were sent, from 0. */
  readonly row: number
  readonly status: 'refused' | 'waiting' | 'processing' | 'outcome_unknown' | 'settled' | 'failed' | 'returned' | 'canceled'
  readonly amount?: CodedMoney | undefined
  readonly reference?: string | undefined
  /** What it became, or will; GET /v1/payouts/:id shows it once it is no longer waiting. */
  readonly payout?: string | undefined
  /** What was planned for it. */
  readonly planned_rail?: string | undefined
  /** What paid it. */
  readonly rail?: string | undefined
  /** When it was sent last. */
  readonly sent_at?: string | undefined
  /** Why it went that way: GET /v1/decisions/:id. */
  readonly decision_id?: string | undefined
  /** What paying it came to in full: `realised.cost_usd` of its decision. */
  readonly cost_usd?: string | undefined
  /** What that way was expected to cost when it was decided. */
  readonly expected_usd?: string | undefined
  readonly code?: string | undefined
  readonly detail?: string | undefined
}

export type ListPayoutBatchRowsQuery = {
  readonly limit?: number | undefined
  /** The row behind which the page begins: what `next` of the page before says. */
  readonly after?: number | undefined
}

export type ListPayoutBatchesQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly status?: 'processing' | 'settled' | 'partly_settled' | 'failed' | 'canceled' | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListPayoutRecallsAnswer = {
  readonly data: readonly Recall[]
}

export type ListPayoutsQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly status?: 'collecting' | 'scheduled' | 'processing' | 'outcome_unknown' | 'settled' | 'partly_settled' | 'failed' | 'returned' | undefined
  /** A rail by its name, or by its kind for every rail of that kind. */
  readonly rail?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
  /** What is shown along, so that nobody has to ask again. */
  readonly expand?: 'decision' | undefined
  /** Only those that their rail will not end, the longest open first; for operators, with limit and after alone. */
  readonly stuck?: 'true' | undefined
}

export type ListPlansQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly status?: 'active' | 'inactive' | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListQuotesQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly status?: 'open' | 'used' | 'expired' | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListRailsAnswer = {
  readonly rails: readonly {
    readonly rail: string
    readonly asset: string
  }[]
  readonly assets: readonly Asset[]
}

export type ListRatesAnswer = {
  readonly data: readonly Rate[]
}

export type ListRefundsQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly payment?: string | undefined
  readonly payment_intent?: string | undefined
  readonly status?: 'pending' | 'needs_claim' | 'sending' | 'unknown' | 'succeeded' | 'failed' | 'expired' | 'canceled' | undefined
  /** A rail by its name, or by its kind for every rail of that kind. */
  readonly rail?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListRoutingPerformanceAnswer = {
  readonly data: readonly RailHour[]
}

export type ListRoutingPerformanceQuery = {
  readonly hours?: number | undefined
}

export type ListSplitsQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListStandingOrdersQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly status?: 'active' | 'paused' | 'ended' | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListSubscriptionsQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListWalletAppsQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListWebhookDeliveriesQuery = {
  readonly limit?: number | undefined
  /** The event of the last delivery that you have seen; older ones follow. */
  readonly after?: string | undefined
  readonly status?: 'waiting' | 'delivered' | 'dead' | undefined
}

export type ListWebhookEndpointsQuery = {
  readonly limit?: number | undefined
  readonly after?: string | undefined
  /** Of one party, for an operator. */
  readonly party?: string | undefined
}

export type ListWithdrawLinksQuery = {
  readonly limit?: number | undefined
  /** What `next` of the page before says. */
  readonly after?: string | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
  /** Of one party. A party sees its own without it. */
  readonly party?: string | undefined
  /** Any name that you, a payer or a rail has for it. */
  readonly reference?: string | undefined
  readonly created_from?: string | undefined
  readonly created_before?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_min?: string | undefined
  /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
  readonly amount_max?: string | undefined
  /** Of amount_min and amount_max; USD when absent. */
  readonly asset?: string | undefined
  readonly metadata_key?: string | undefined
  readonly metadata_value?: string | undefined
}

export type ListedPaymentIntent = {
  readonly id: string
  readonly object: 'payment_intent'
  readonly status: 'open' | 'settled' | 'canceled' | 'expired'
  readonly amount: Money
  readonly seller: string | null
  readonly description: string | null
  /** RFC 3339, in UTC. */
  readonly expires_at: string
  readonly offers: readonly Offer[]
  /** One bitcoin: URI for every wallet (BIP 321). */
  readonly uri: string | null
  /** Where a person pays it: a path on this gateway. */
  readonly page: string
  readonly paid: {
    readonly rail: string
    readonly amount: Money
    readonly credited: Money
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly receipt: string
  } | null
  readonly exception: 'none' | 'paid_late' | 'paid_partial' | 'paid_over'
  readonly party?: string | undefined
  readonly split?: string | undefined
  readonly order_id: string | null
  readonly return_url: string | null
  /** Shops whose own pages may show the page in a frame. */
  readonly embed_origins: readonly string[]
  /** The payment link or the subscription that made it. */
  readonly origin: string | null
  /** Why these offers, in this order: GET /v1/decisions/:id. Null for older ones. */
  readonly decision: string | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** Rails that could not serve it, and why. */
  readonly not_offered?: readonly {
    readonly rail: string
    readonly reason: string
  }[] | undefined
  readonly surplus: readonly {
    readonly rail: string
    readonly amount: Money
    readonly reason: 'none' | 'paid_late' | 'paid_partial' | 'paid_over'
  }[]
  /** With expand=payments. */
  readonly payments?: readonly Payment[] | undefined
}

export type ListedPayout = {
  readonly object: 'payout'
  readonly id: string
  readonly source: string
  readonly amount: CodedMoney
  readonly destinations: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: unknown
    readonly account: string
  })[]
  readonly reference: string
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly rail?: string | undefined
  readonly fee?: CodedMoney | undefined
  readonly evidence?: Evidence | undefined
  /** What a Lightning Address shows whom it was paid by. */
  readonly payee_says?: { readonly [key: string]: string } | undefined
  readonly status: 'scheduled' | 'processing' | 'settled' | 'partly_settled' | 'failed' | 'outcome_unknown' | 'returned'
  /** RFC 3339, in UTC. */
  readonly send_at?: string | undefined
  /** RFC 3339, in UTC. */
  readonly deliver_by?: string | undefined
  /** It waits for the cheapest time until then; scheduled meanwhile. */
  readonly cheapest_by?: string | undefined
  readonly cancel_asked?: true | undefined
  readonly fee_bearer?: 'payer' | 'payee' | undefined
  /** What the source is charged beside the amount when it is paid, whatever the rail takes. */
  readonly fee_fixed?: CodedMoney | undefined
  /** The quote that it was made by: its payee gets exactly what that says. */
  readonly quote?: string | undefined
  readonly attempts: readonly Attempt[]
  readonly decision_id?: string | undefined
  readonly exceptions: readonly unknown[]
  readonly failure?: {
    readonly code: 'no_rail' | 'attempts_failed' | 'canceled'
    readonly reasons: readonly { readonly [key: string]: unknown }[]
  } | undefined
  readonly returned?: {
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly amount: CodedMoney
    readonly credited: CodedMoney
    /** The rail's own code. */
    readonly reason?: string | undefined
    /** What that code means, and what is to be done before it is paid again. */
    readonly meaning?: {
      readonly words: string
      readonly next: 'correct' | 'ask' | 'again' | 'ours' | 'none'
    } | undefined
  } | undefined
  /** The payouts that pay it, where it was too much for each way. Their amounts sum to its own. */
  readonly parts?: readonly {
    readonly id: string
    readonly status: string
    readonly amount: CodedMoney
    readonly rail?: string | undefined
  }[] | undefined
  /** What its parts have paid. The rest of a partly_settled payout is on the balance again. */
  readonly paid?: CodedMoney | undefined
  /** The payout that it is a part of. */
  readonly part_of?: string | undefined
  /** With expand=decision. */
  readonly decision?: Decision | undefined
} | {
  readonly object: 'payout'
  readonly id: string
  readonly source: string
  readonly amount: CodedMoney
  readonly destinations: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: unknown
    readonly account: string
  })[]
  readonly reference: string
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly rail?: string | undefined
  readonly fee?: CodedMoney | undefined
  readonly evidence?: Evidence | undefined
  /** What a Lightning Address shows whom it was paid by. */
  readonly payee_says?: { readonly [key: string]: string } | undefined
  readonly status: 'collecting' | 'processing' | 'outcome_unknown' | 'settled' | 'failed' | 'returned'
  readonly netting: {
    readonly net: string
    readonly payouts: number
    /** RFC 3339, in UTC. */
    readonly close_by: string
    readonly closed?: string | undefined
    readonly paid_by?: string | undefined
    /** A decimal number of whole units, never a float. */
    readonly expected_saved_usd?: string | undefined
  }
  /** With expand=decision. */
  readonly decision?: Decision | undefined
}

export type ListedResource = {
  readonly resource: string
  readonly type: 'http'
  readonly x402Version: 2
  readonly accepts: readonly {
    readonly scheme: string
    readonly network: string
    readonly asset: string
    readonly payTo: string
    readonly amount: string
    readonly maxTimeoutSeconds: number
    readonly extra: { readonly [key: string]: string }
  }[]
  readonly description?: string | undefined
  readonly mimeType?: string | undefined
  readonly serviceName?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly lastUpdated: string
}

/** Documents to serve under these paths; make them anew after fresh_s seconds. */
export type Listing = {
  readonly object: 'listing'
  readonly fresh_s: number
  readonly documents: readonly {
    readonly path: string
    readonly content_type: string
    readonly etag: string
    readonly body: string
  }[]
}

export type LnurlInvoice = {
  readonly pr: string
  readonly routes: readonly unknown[]
  readonly disposable: boolean
  readonly successAction?: { readonly [key: string]: string } | undefined
  readonly verify: string
}

export type LnurlPayTerms = {
  readonly tag: 'payRequest'
  readonly callback: string
  /** Millisatoshi. */
  readonly minSendable: number
  /** Millisatoshi. */
  readonly maxSendable: number
  readonly metadata: string
  readonly commentAllowed?: number | undefined
  readonly payerData?: { readonly [key: string]: {
    readonly mandatory: boolean
  } } | undefined
}

export type LnurlVerification = {
  readonly status: 'OK'
  readonly settled: boolean
  readonly preimage: string | null
  readonly pr: string
}

export type LnurlWithdrawTerms = {
  readonly tag: 'withdrawRequest'
  readonly callback: string
  readonly k1: string
  readonly defaultDescription: string
  /** Millisatoshi. */
  readonly minWithdrawable: number
  /** Millisatoshi. */
  readonly maxWithdrawable: number
}

export type Login = {
  readonly object: 'login'
  readonly k1: string
  readonly status: 'open' | 'signed'
  /** The public key of the wallet that signed, which is its name at your site. */
  readonly key: string | null
  readonly action: string | null
}

export type MakeListingBody = {
  /** How payers reach the seller. */
  readonly url: string
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly routes: readonly {
    readonly method: string
    readonly path: string
    /** Absent where each request has its own. */
    readonly price?: {
      readonly amount: string
      readonly asset?: 'USD' | undefined
    } | undefined
    /** Between which prices, where each request has its own. */
    readonly price_range?: {
      readonly least: {
        readonly amount: string
        readonly asset?: 'USD' | undefined
      }
      readonly most: {
        readonly amount: string
        readonly asset?: 'USD' | undefined
      }
    } | undefined
    readonly description?: string | undefined
    readonly example?: {
      readonly query?: { readonly [key: string]: string } | undefined
      readonly body?: unknown | undefined
      readonly output?: unknown | undefined
    } | undefined
    /** Only programs that sign their requests are told the price. */
    readonly for_agents?: boolean | undefined
  }[]
}

export type MakeLnurlInvoiceAnswer = LnurlInvoice | WalletRefusal

export type MakeLnurlInvoiceQuery = {
  readonly amount: string
  readonly comment?: string | undefined
  readonly payerdata?: string | undefined
}

/** What somebody has signed that an agent may spend (AP2), beside its policy. */
export type Mandate = {
  /** Of the payment mandate as it was given. */
  readonly payment_sha256: string
  readonly checkout_sha256: string | null
  /** Of the key that has signed it: its JWK thumbprint (RFC 7638). */
  readonly issuer: string
  /** In all, not each day. */
  readonly budget_max: Money | null
  readonly budget_left: Money | null
  /** Payments in all. */
  readonly uses_max: number | null
  readonly uses_left: number | null
  /** The addresses that alone may be bought. */
  readonly items: readonly string[] | null
}

/** An amount of an asset, by the id that GET /v1/rails lists. */
export type Money = {
  readonly asset: string
  /** A decimal number of whole units, never a float. */
  readonly amount: string
}

export type NewAgent = {
  readonly id: string
  readonly object: 'agent'
  readonly party: string
  readonly name: string
  readonly status: 'active' | 'paused' | 'revoked'
  readonly request_max: Money
  readonly day_max: Money
  /** To a request that costs more a person of the party agrees. */
  readonly approval_above: Money | null
  readonly left_today: Money
  readonly payees: readonly string[] | null
  readonly mandate: Mandate | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly ends_at: string | null
  readonly hint: string
}

export type NewKey = {
  readonly id: string
  readonly object: 'key'
  readonly name: string
  readonly status: 'active' | 'ending' | 'expired' | 'revoked'
  readonly kind: 'secret' | 'publishable'
  readonly party: string | null
  readonly person: string | null
  readonly role: 'viewer' | 'operator' | 'approver' | 'admin' | null
  readonly operator: string | null
  readonly agent: string | null
  readonly can: { readonly [key in 'acts' | 'admissions' | 'agents' | 'approvals' | 'balances' | 'channels' | 'decisions' | 'disputes' | 'events' | 'exchanges' | 'facilitator' | 'invoices' | 'keys' | 'ledger' | 'lightning' | 'lightning_addresses' | 'lightning_destinations' | 'listings' | 'logins' | 'parties' | 'payment_intents' | 'payment_links' | 'payments' | 'payouts' | 'plans' | 'rails' | 'rates' | 'reconciliation' | 'refunds' | 'routing' | 'search' | 'spending' | 'splits' | 'standing_orders' | 'subscriptions' | 'suspense' | 'test' | 'verify' | 'wallet_apps' | 'webhook_endpoints' | 'withdraw_links']?: 'read' | 'write' | undefined } | null
  readonly addresses: readonly string[] | null
  readonly ends_with: string | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly ends_at: string | null
  readonly last_used_at: string | null
  readonly hint: string
}

export type NewLogin = {
  readonly object: 'login'
  readonly k1: string
  readonly lnurl: string
  readonly keyauth: string
  /** RFC 3339, in UTC. */
  readonly expires_at: string
}

export type NewParty = {
  readonly id: string
  readonly object: 'party'
  readonly name: string
  readonly metadata: { readonly [key: string]: string }
  readonly top_up_reference: string | null
  readonly balances: readonly {
    readonly asset: string
    readonly code: string
    /** A decimal number of whole units, never a float. */
    readonly available: string
    /** A decimal number of whole units, never a float. */
    readonly held: string
    /** A decimal number of whole units, never a float. */
    readonly coming: string
  }[]
  readonly netting?: { readonly [key: string]: unknown } | undefined
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly hint: string
}

export type NewWebhookEndpoint = {
  readonly id: string
  readonly object: 'webhook_endpoint'
  readonly url: string
  /** null: all. */
  readonly types: readonly string[] | null
  readonly description: string | null
  readonly status: 'enabled' | 'disabled'
  /** failing: nothing arrived for three days; gone: the receiver answered 410. */
  readonly disabled_because: 'asked' | 'failing' | 'gone' | null
  /** Where nothing has arrived for a day. */
  readonly failing_since: string | null
  readonly party: string | null
  readonly operator: string | null
  readonly version: string
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly hint: string
}

/** Money out of the node’s own wallet on chain. */
export type NodeWithdrawal = {
  readonly id: string
  readonly status: 'begun' | 'settled' | 'failed'
  readonly address: string
  /** Satoshi, as text. */
  readonly amount_sat: string
  /** Satoshi, as text. */
  readonly fee_sat: string
  readonly transaction: string | null
  readonly confirmations: number
  readonly detail: string | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly ended_at: string | null
}

/** One way to pay an intent. full_price is what the payer parts with in all, rail_cost what receiving it costs. */
export type Offer = {
  readonly id: string
  readonly rail: string
  readonly amount: Money
  readonly full_price: Money
  readonly rail_cost: Money
  /** RFC 3339, in UTC. */
  readonly expires_at: string
  readonly pay: {
    readonly kind: 'book'
  } | {
    readonly kind: 'bolt11'
    readonly invoice: string
    readonly payment_hash: string
    readonly network: string
  } | {
    readonly kind: 'bank'
    readonly iban: string
    readonly name: string
    readonly remittance: string
  } | {
    readonly kind: 'custom'
    readonly fields: { readonly [key: string]: string }
  } | {
    readonly kind: 'evm'
    readonly chain_id: number
    readonly token: string
    readonly token_name: string
    readonly token_version: string
    readonly hub: string
    readonly split_id: string
    readonly ref: string
    readonly pay_to: string
    readonly signed?: readonly string[] | undefined
    readonly facilitator?: string | undefined
    readonly channel?: { readonly [key: string]: unknown } | undefined
  }
}

/** Why an intent offers the rails that it does, in their order: each with its cost in full. */
export type OfferDecision = {
  readonly object: 'offer_decision'
  readonly id: string
  readonly payment_intent_id: string
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly amount: Money
  /** A decimal number of whole units, never a float. */
  readonly worth_usd: string
  readonly candidates: readonly ({
    readonly rail: string
    readonly verdict: 'chosen'
    readonly why: string
    readonly rank: number
    readonly offer: string
    readonly success_ppm: string
    /** When the money is good funds if it is paid at once, on the rail’s own calendar. */
    readonly good_funds_at: string
    /** Each term in USD; those that are nothing are left out. */
    readonly terms: { readonly [key: string]: string }
    /** A decimal number of whole units, never a float. */
    readonly expected_cost_usd: string
    /** A decimal number of whole units, never a float. */
    readonly dearer_by_usd: string
  } | {
    readonly rail: string
    readonly verdict: 'impossible'
    readonly why: string
    readonly reason: string
    readonly detail: string
  })[]
  readonly order: readonly number[]
  readonly would_change_if?: {
    readonly term: string
    /** A decimal number of whole units, never a float. */
    readonly now_usd: string
    /** A decimal number of whole units, never a float. */
    readonly must_rise_by_usd: string
    readonly in_favour_of: number
    readonly why: string
  } | undefined
  readonly rates: readonly { readonly [key: string]: unknown }[]
  /** Once it is paid: by what, and what that was expected to cost. */
  readonly realised?: {
    readonly rail: string
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly received: Money
    /** At the rate that it was asked for at. */
    readonly received_usd?: string | undefined
    readonly rank?: number | undefined
    /** A decimal number of whole units, never a float. */
    readonly expected_cost_usd?: string | undefined
    /** Than what was offered first. */
    readonly dearer_by_usd?: string | undefined
  } | undefined
}

export type OpenChannelAnswer = Channel | OpeningChannel

export type OpenChannelBody = {
  readonly split: string
  readonly rail?: string | undefined
  readonly payer: string
  readonly salt: string
  readonly closer?: string | undefined
  readonly deposit: {
    readonly value: string
    readonly salt: string
    readonly valid_after: string
    readonly valid_before: string
    readonly signature: string
  }
}

export type OpenDisputeBody = {
  /** The receipt of what was paid. */
  readonly payment?: string | undefined
  /** Instead of the receipt: the intent that was paid. */
  readonly payment_intent?: string | undefined
  readonly amount?: {
    readonly asset: string
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  } | undefined
  /** What the payer says. */
  readonly reason: 'not_received' | 'not_as_described' | 'not_authorized' | 'duplicate' | 'other'
  /** The same in words. Its payees read it. */
  readonly note?: string | undefined
  /** How long its payees may show evidence. 14 days when absent. */
  readonly evidence_due_in_s?: number | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

/** The deposit is on its way: ask for the channel until it is there. */
export type OpeningChannel = {
  readonly id: string
  readonly object: 'channel'
  readonly rail: string
  readonly status: 'opening'
}

export type PaidLightningAddress = {
  readonly object: 'lightning_address'
  readonly name: string
  readonly address: string
  readonly party: string
  readonly description: string
  readonly lnurl: string
  readonly min: Money
  readonly max: Money
  readonly comment_max: number
  /** A BOLT 12 offer, once one was asked for. */
  readonly offer: string | null
  readonly uri: string | null
  readonly payer_data: { readonly [key: string]: {
    readonly mandatory: boolean
  } }
  readonly success: {
    readonly tag: 'message'
    readonly message: string
  } | {
    readonly tag: 'url'
    readonly description: string
    readonly url: string
  } | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly payments: readonly AddressPayment[]
}

export type Party = {
  readonly id: string
  readonly object: 'party'
  readonly name: string
  readonly metadata: { readonly [key: string]: string }
  readonly top_up_reference: string | null
  readonly balances: readonly {
    readonly asset: string
    readonly code: string
    /** A decimal number of whole units, never a float. */
    readonly available: string
    /** A decimal number of whole units, never a float. */
    readonly held: string
    /** A decimal number of whole units, never a float. */
    readonly coming: string
  }[]
  readonly netting?: { readonly [key: string]: unknown } | undefined
  /** RFC 3339, in UTC. */
  readonly created_at: string
}

export type PayByVoucherBody = {
  readonly cumulative: string
  readonly signature: string
}

export type PayByVoucherQuery = {
  readonly rail?: string | undefined
}

export type PayPaymentIntentAnswer = {
  readonly id: string
  readonly object: 'payment_intent'
  readonly status: 'settled'
  readonly rail: 'book'
  readonly receipt: string | ''
} | HandedOver | Approval

export type PayPaymentIntentBody = {
  readonly rail: 'book'
} | {
  readonly rail: 'evm' | string
  readonly authorization: {
    readonly from: string
    readonly value: string
    readonly valid_after: string
    readonly valid_before: string
    readonly signature: string
  }
}

/** What a payer reads of an intent. */
export type PayableIntent = {
  readonly id: string
  readonly object: 'payment_intent'
  readonly status: 'open' | 'settled' | 'canceled' | 'expired'
  readonly amount: Money
  readonly seller: string | null
  readonly description: string | null
  /** RFC 3339, in UTC. */
  readonly expires_at: string
  readonly offers: readonly Offer[]
  /** One bitcoin: URI for every wallet (BIP 321). */
  readonly uri: string | null
  /** Where a person pays it: a path on this gateway. */
  readonly page: string
  readonly paid: {
    readonly rail: string
    readonly amount: Money
    readonly credited: Money
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly receipt: string
  } | null
}

/** What became of a payment, by the id of its receipt. */
export type Payment = {
  readonly id: string
  readonly object: 'payment'
  readonly status: 'held' | 'collecting' | 'settled' | 'failed' | 'refund_due' | 'refunded'
  readonly reason: string | null
  /** A dispute of it, or of a part, is not decided. */
  readonly disputed: boolean
  readonly rail: string
  readonly paid: Money
  readonly upto?: true | undefined
  readonly charged?: Money | null | undefined
  readonly price: Money
  readonly resource: string
  readonly evidence: {
    readonly entry: string
    readonly transaction: string | null
    readonly block: string | null
    readonly block_hash: string | null
    readonly payment_hash: string | null
  }
  readonly receipt_url: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** RFC 3339, in UTC. */
  readonly changed_at: string
  readonly final: boolean
  readonly pass?: {
    readonly id: string
    readonly kind: string
    readonly uses: number | null
    readonly uses_left: number | null
    readonly left: Money | null
    /** RFC 3339, in UTC. */
    readonly ends_at: string
    readonly ended: boolean
    readonly receipt: string
  } | undefined
  readonly collection?: {
    readonly state: string
    readonly because?: string | undefined
    readonly why: string
    readonly would_change_if?: string | undefined
    readonly together?: number | undefined
    /** A decimal number of whole units, never a float. */
    readonly cost_usd?: string | undefined
    readonly share_ppm?: number | undefined
    /** A decimal number of whole units, never a float. */
    readonly waited_usd?: string | undefined
    /** RFC 3339, in UTC. */
    readonly latest_at?: string | undefined
    /** RFC 3339, in UTC. */
    readonly at: string
  } | undefined
  readonly mandate?: UsedMandate | undefined
  readonly payment?: string | undefined
  readonly payee?: string | undefined
  readonly split?: unknown | undefined
  readonly parts?: unknown | undefined
}

export type PaymentIntent = {
  readonly id: string
  readonly object: 'payment_intent'
  readonly status: 'open' | 'settled' | 'canceled' | 'expired'
  readonly amount: Money
  readonly seller: string | null
  readonly description: string | null
  /** RFC 3339, in UTC. */
  readonly expires_at: string
  readonly offers: readonly Offer[]
  /** One bitcoin: URI for every wallet (BIP 321). */
  readonly uri: string | null
  /** Where a person pays it: a path on this gateway. */
  readonly page: string
  readonly paid: {
    readonly rail: string
    readonly amount: Money
    readonly credited: Money
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly receipt: string
  } | null
  readonly exception: 'none' | 'paid_late' | 'paid_partial' | 'paid_over'
  readonly party?: string | undefined
  readonly split?: string | undefined
  readonly order_id: string | null
  readonly return_url: string | null
  /** Shops whose own pages may show the page in a frame. */
  readonly embed_origins: readonly string[]
  /** The payment link or the subscription that made it. */
  readonly origin: string | null
  /** Why these offers, in this order: GET /v1/decisions/:id. Null for older ones. */
  readonly decision: string | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** Rails that could not serve it, and why. */
  readonly not_offered?: readonly {
    readonly rail: string
    readonly reason: string
  }[] | undefined
  readonly surplus: readonly {
    readonly rail: string
    readonly amount: Money
    readonly reason: 'none' | 'paid_late' | 'paid_partial' | 'paid_over'
  }[]
}

/** A link by which many may pay. Its intents: GET /v1/payment_intents?reference=<its id>. */
export type PaymentLink = {
  readonly id: string
  readonly object: 'payment_link'
  /** held: what is left of it is being paid by others, who may let their time pass. */
  readonly status: 'active' | 'inactive' | 'expired' | 'used_up' | 'held'
  /** Where a person pays by it: a path on this gateway. */
  readonly page: string
  readonly amount: Money | null
  readonly amount_min: Money | null
  readonly amount_max: Money | null
  readonly party?: string | undefined
  readonly split?: string | undefined
  readonly seller: string | null
  readonly description: string | null
  readonly return_url: string | null
  readonly metadata: { readonly [key: string]: string }
  readonly pay_within_s: number
  readonly uses_max: number | null
  /** Intents of it that are paid. */
  readonly paid_count: number
  /** Intents of it that may still be paid. */
  readonly open_count: number
  readonly expires_at: string | null
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
}

export type PaymentTrace = {
  readonly payment: TracedPayment | null
  readonly facts: readonly Fact[]
  readonly entries: readonly LedgerEntry[]
}

export type Payout = {
  readonly object: 'payout'
  readonly id: string
  readonly source: string
  readonly amount: CodedMoney
  readonly destinations: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: unknown
    readonly account: string
  })[]
  readonly reference: string
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly rail?: string | undefined
  readonly fee?: CodedMoney | undefined
  readonly evidence?: Evidence | undefined
  /** What a Lightning Address shows whom it was paid by. */
  readonly payee_says?: { readonly [key: string]: string } | undefined
  readonly status: 'scheduled' | 'processing' | 'settled' | 'partly_settled' | 'failed' | 'outcome_unknown' | 'returned'
  /** RFC 3339, in UTC. */
  readonly send_at?: string | undefined
  /** RFC 3339, in UTC. */
  readonly deliver_by?: string | undefined
  /** It waits for the cheapest time until then; scheduled meanwhile. */
  readonly cheapest_by?: string | undefined
  readonly cancel_asked?: true | undefined
  readonly fee_bearer?: 'payer' | 'payee' | undefined
  /** What the source is charged beside the amount when it is paid, whatever the rail takes. */
  readonly fee_fixed?: CodedMoney | undefined
  /** The quote that it was made by: its payee gets exactly what that says. */
  readonly quote?: string | undefined
  readonly attempts: readonly Attempt[]
  readonly decision_id?: string | undefined
  readonly exceptions: readonly unknown[]
  readonly failure?: {
    readonly code: 'no_rail' | 'attempts_failed' | 'canceled'
    readonly reasons: readonly { readonly [key: string]: unknown }[]
  } | undefined
  readonly returned?: {
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly amount: CodedMoney
    readonly credited: CodedMoney
    /** The rail's own code. */
    readonly reason?: string | undefined
    /** What that code means, and what is to be done before it is paid again. */
    readonly meaning?: {
      readonly words: string
      readonly next: 'correct' | 'ask' | 'again' | 'ours' | 'none'
    } | undefined
  } | undefined
  /** The payouts that pay it, where it was too much for each way. Their amounts sum to its own. */
  readonly parts?: readonly {
    readonly id: string
    readonly status: string
    readonly amount: CodedMoney
    readonly rail?: string | undefined
  }[] | undefined
  /** What its parts have paid. The rest of a partly_settled payout is on the balance again. */
  readonly paid?: CodedMoney | undefined
  /** The payout that it is a part of. */
  readonly part_of?: string | undefined
} | {
  readonly object: 'payout'
  readonly id: string
  readonly source: string
  readonly amount: CodedMoney
  readonly destinations: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: unknown
    readonly account: string
  })[]
  readonly reference: string
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly rail?: string | undefined
  readonly fee?: CodedMoney | undefined
  readonly evidence?: Evidence | undefined
  /** What a Lightning Address shows whom it was paid by. */
  readonly payee_says?: { readonly [key: string]: string } | undefined
  readonly status: 'collecting' | 'processing' | 'outcome_unknown' | 'settled' | 'failed' | 'returned'
  readonly netting: {
    readonly net: string
    readonly payouts: number
    /** RFC 3339, in UTC. */
    readonly close_by: string
    readonly closed?: string | undefined
    readonly paid_by?: string | undefined
    /** A decimal number of whole units, never a float. */
    readonly expected_saved_usd?: string | undefined
  }
} | {
  readonly object: 'payout'
  readonly id: string
  readonly source: string
  readonly amount: CodedMoney
  readonly destinations: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: unknown
    readonly account: string
  })[]
  readonly reference: string
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly rail?: string | undefined
  readonly fee?: CodedMoney | undefined
  readonly evidence?: Evidence | undefined
  /** What a Lightning Address shows whom it was paid by. */
  readonly payee_says?: { readonly [key: string]: string } | undefined
  readonly status: 'needs_approval' | 'approved' | 'refused' | 'expired'
  readonly approval: string
}

/** Many payouts of one balance that were asked for in one call. What its rows do not take is on the balance again. */
export type PayoutBatch = {
  readonly object: 'payout_batch'
  readonly id: string
  readonly status: 'processing' | 'settled' | 'partly_settled' | 'failed' | 'canceled'
  readonly party: string
  readonly amount: CodedMoney
  readonly fee_max: CodedMoney
  readonly rows: number
  readonly counts: {
    readonly waiting: number
    readonly processing: number
    readonly settled: number
    readonly failed: number
    /** Paid, and come back since: none of the settled. Their money is on the balance again. */
    readonly returned: number
    readonly refused: number
    readonly canceled: number
  }
  /** Absent until its rows have been planned. */
  readonly plan?: PayoutBatchPlan | undefined
  /** By when each payee has good funds, where its row says no other time. */
  readonly deliver_by?: string | undefined
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** RFC 3339, in UTC. */
  readonly ended_at?: string | undefined
}

/** By which rails the rows of a batch are best paid, planned together. */
export type PayoutBatchPlan = {
  readonly rails: readonly {
    readonly rail: string
    readonly rows: number
    readonly amount: CodedMoney
    /** What its rows are expected to cost in full, waiting and risk included. */
    readonly cost_usd: string
    /** What it costs once beside that, by the list of the operator. */
    readonly fixed_cost_usd: string
    /** When the last of its payees has good funds, if all were sent at once. */
    readonly good_funds_at: string
  }[]
  /** What the rails cost, what they cost once, and unpaid_cost_usd. */
  readonly cost_usd: string
  /** What not paying the rows without a way is reckoned to cost. Nobody is charged it. */
  readonly unpaid_cost_usd: string
  /** No plan by the same terms costs less: where it is cost_usd, the plan is the best. */
  readonly least_cost_usd: string
  /** What they cost if each takes what is cheapest for it alone while there is room. */
  readonly one_by_one_cost_usd: string
  /** Rows that no rail has room for now, or pays. They are tried all the same. */
  readonly rows_without_way: number
  readonly terms_asked: number
}

/** What a batch would be. Nothing is held, sent or kept. */
export type PayoutBatchPreview = {
  readonly object: 'payout_batch_preview'
  readonly party: string
  readonly amount: CodedMoney
  readonly rows: number
  readonly refused: number
  /** The first hundred. */
  readonly refused_rows: readonly {
    readonly row: number
    readonly code: string
    readonly detail: string
  }[]
  /** Absent where every row is refused. */
  readonly plan?: PayoutBatchPlan | undefined
  /** The first 200 rows that are not refused. */
  readonly planned_rows?: readonly {
    readonly row: number
    /** What is planned for it; absent where no way has room, or pays. */
    readonly rail?: string | undefined
    /** Which of its destinations. */
    readonly destination?: number | undefined
    /** What each way would cost in full, the cheapest first. */
    readonly ways: readonly {
      readonly rail: string
      readonly destination: number
      /** A decimal number of whole units, never a float. */
      readonly cost_usd: string
    }[]
    readonly shut: readonly {
      readonly rail: string
      readonly destination: number
      readonly detail: string
    }[]
  }[] | undefined
  /** The first hundred without a way, and what shuts each. */
  readonly unplanned_rows?: readonly {
    readonly row: number
    readonly detail: string
  }[] | undefined
}

/** What is paid each period, and to whom. */
export type Plan = {
  readonly id: string
  readonly object: 'plan'
  readonly status: 'active' | 'inactive'
  readonly amount: Money
  readonly interval: 'day' | 'week' | 'month' | 'year'
  readonly interval_count: number
  readonly trial_days: number
  readonly party?: string | undefined
  readonly split?: string | undefined
  readonly seller: string | null
  readonly description: string | null
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
}

export type PreviewPayoutBatchBody = {
  readonly party: string
  /** What all rows are paid in, by its id or code. */
  readonly asset: string
  readonly rows: readonly {
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
    readonly destinations: readonly ({
      readonly kind: 'lightning_invoice'
      readonly invoice: string
    } | {
      readonly kind: 'lightning_node'
      readonly node_id: string
      readonly records?: readonly {
        readonly type: string
        readonly value: string
      }[] | undefined
    } | {
      readonly kind: 'lightning_offer'
      readonly offer: string
    } | {
      readonly kind: 'lightning_address'
      readonly address: string
    } | {
      readonly kind: 'lnurl'
      readonly lnurl: string
    } | {
      readonly kind: 'bitcoin_uri'
      readonly uri: string
    } | {
      readonly kind: 'evm_address'
      readonly address: string
    } | {
      readonly kind: 'iban'
      readonly iban: string
      readonly name: string
    } | {
      readonly kind: 'us_account'
      readonly routing_number: string
      readonly account_number: string
      readonly account_type: 'checking' | 'savings'
      readonly name: string
      readonly holder?: 'person' | 'company' | undefined
    } | {
      readonly kind: 'party'
      readonly party: string
    } | {
      readonly kind: 'custom'
      readonly rail: string
      readonly account: string
    })[]
    readonly reference?: string | undefined
    readonly metadata?: { readonly [key: string]: string } | undefined
    /** As that of the batch, for this row alone. */
    readonly deliver_by?: string | undefined
    /** What the balance bears at most of this row's fee above the operator's budget; nothing when absent. */
    readonly fee_max?: string | undefined
  }[]
  /** Each row is judged by itself. refuse_all: one that is refused refuses the batch. pay_others: the others are paid. */
  readonly on_refused?: 'refuse_all' | 'pay_others' | undefined
  /** Each payee has good funds by then, or no try is made; a row may say another time. Refused where no rail can. */
  readonly deliver_by?: string | undefined
  readonly metadata?: { readonly [key: string]: string } | undefined
}

/** A refusal (RFC 9457). */
export type Problem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** Stays; test for it. Every code has a section in /errors. */
  readonly code: string
  readonly hint: string
  /** unknown: repeat the same request, never a new one. */
  readonly outcome: 'failed' | 'unknown'
  readonly request_id: string
  readonly errors?: readonly {
    readonly path: string
    readonly message: string
  }[] | undefined
  readonly refund?: string | undefined
  readonly meta?: { readonly [key: string]: unknown } | undefined
}

/** What the operator has earned in a period of days. */
export type Profit = {
  readonly object: 'profit'
  readonly from: string
  readonly to: string
  readonly time_zone: string
  readonly status: 'final' | 'preliminary'
  /** RFC 3339, in UTC. */
  readonly until: string
  readonly currency: string
  /** What was the operator’s own, at the rates of then; with profit and owner it is own_after. */
  readonly own_before: string
  /** A decimal number of whole units, never a float. */
  readonly own_after: string
  /** All lines but those of owner, and what rates have changed. */
  readonly profit: string
  /** What the operator brought, less what the operator took. */
  readonly owner: string
  /** Assets that lack a rate for any part of the period: they are in no sum above. */
  readonly unpriced: readonly string[]
  readonly lines: readonly ProfitLine[]
  readonly assets: readonly {
    readonly asset: string
    readonly asset_id: string
    /** A decimal number of whole units, never a float. */
    readonly own_before: string
    /** A decimal number of whole units, never a float. */
    readonly own_after: string
    /** revaluation: by how much rates have changed what is own. */
    readonly value: {
      /** A decimal number of whole units, never a float. */
      readonly own_before: string
      /** A decimal number of whole units, never a float. */
      readonly own_after: string
      /** A decimal number of whole units, never a float. */
      readonly revaluation: string
    } | null
  }[]
}

export type ProfitLine = {
  readonly source: 'fees_earned' | 'fees_paid' | 'conversion' | 'losses' | 'owner'
  readonly account: string
  readonly asset: string
  readonly asset_id: string
  /** A decimal number of whole units, never a float. */
  readonly amount: string
  /** At the rates of each movement; null where one was missing. */
  readonly value: string | null
}

export type PublishFacilitatedResourceBody = {
  readonly resource: string
  readonly type?: 'http' | undefined
  readonly accepts: readonly {
    readonly scheme: string
    readonly network: string
    readonly asset: string
    readonly payTo: string
    readonly amount: string
    readonly maxTimeoutSeconds: number
    readonly extra?: {
      readonly name?: string | undefined
      readonly version?: string | undefined
      readonly assetTransferMethod?: string | undefined
    } | null | undefined
  }[]
  readonly description?: string | undefined
  readonly mimeType?: string | undefined
  readonly serviceName?: string | undefined
  readonly tags?: readonly string[] | undefined
}

/** What a payout will cost and bring, promised until expires_at and used once. */
export type Quote = {
  readonly object: 'quote'
  readonly id: string
  readonly status: 'open' | 'used' | 'expired'
  readonly party: string
  /** Which amount was asked for, and is exact. */
  readonly side: 'send' | 'receive'
  /** All that leaves the balance: amount, and fee besides. */
  readonly send: CodedMoney
  readonly amount: CodedMoney
  /** What payer or payee bears; nothing where the operator does. */
  readonly fee: CodedMoney
  /** What the payee gets, in the asset of the rail. */
  readonly receive: CodedMoney
  readonly fee_bearer: 'platform' | 'payer' | 'payee'
  /** What the rail is expected to take, whoever bears it; gas is a part of it. */
  readonly rail_cost: CodedMoney
  readonly gas: CodedMoney
  /** The part of amount that is paid for the promise: beyond what the market asks. */
  readonly spread: CodedMoney
  /** A whole number as text, because it may be larger than a double holds. */
  readonly spread_ppm: string
  readonly rate?: QuotedRate | undefined
  /** Which rail would be tried first. */
  readonly rail: string
  readonly destination: number
  readonly ways: readonly {
    readonly rail: string
    /** Which of the destinations, from 0. */
    readonly destination: number
    /** In which order it would be tried, from 1. */
    readonly rank?: number | undefined
    /** A decimal number of whole units, never a float. */
    readonly cost_usd?: string | undefined
    readonly reason?: string | undefined
    readonly detail?: string | undefined
  }[]
  readonly destinations: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: unknown
    readonly account: string
  })[]
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** From then on it cannot be used. */
  readonly expires_at: string
  /** A payout of it that no rail could be told of by then is given back. */
  readonly send_by: string
  readonly payout?: string | undefined
}

export type QuoteLightningPaymentBody = {
  readonly invoice?: string | undefined
  readonly node?: string | undefined
  readonly amount_msat: string
}

/** What the market said: num smallest units of to for den of from, before the spread. */
export type QuotedRate = {
  readonly from: string
  readonly to: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly num: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly den: string
  /** RFC 3339, in UTC. */
  readonly observed_at: string
  readonly source: string
}

/** What came of one rail in one hour, of tries that ended in it. */
export type RailHour = {
  /** RFC 3339, in UTC. */
  readonly hour: string
  readonly rail: string
  /** Plans that tried it first. */
  readonly chosen: number
  readonly sent: number
  readonly settled: number
  readonly failed: number
  /** What those plans were expected to cost. */
  readonly expected_cost_usd: string
  /** What the cheapest fee first would have been expected to cost. */
  readonly cheapest_first_cost_usd: string
}

/** What one whole unit of an asset costs in dollars. */
export type Rate = {
  readonly object: 'rate'
  /** BTC, ETH, EUR, USDC, or a chain’s coin such as POL: one whole unit of it. */
  readonly asset: string
  readonly in: 'USD'
  /** live: by exchanges. fixed: as configured, for ever. unavailable: nothing is priced by it now, and reason says why. */
  readonly status: 'live' | 'fixed' | 'unavailable'
  /** Dollars; the median of the middles of bid and ask. Cut off after 12 places: exact is exact. */
  readonly value?: string | undefined
  /** A decimal number of whole units, never a float. */
  readonly bid?: string | undefined
  /** A decimal number of whole units, never a float. */
  readonly ask?: string | undefined
  readonly exact?: {
    /** A whole number as text, because it may be larger than a double holds. */
    readonly num: string
    /** A whole number as text, because it may be larger than a double holds. */
    readonly den: string
  } | undefined
  /** RFC 3339, in UTC. */
  readonly observed_at?: string | undefined
  readonly age_s?: number | undefined
  /** The source of each rate that is made of these prices, as decisions and quotes name it. */
  readonly snapshot?: string | undefined
  /** A coin of one dollar that is away from it, and priced as what it is. */
  readonly off_peg?: boolean | undefined
  readonly reason?: 'not_yet' | 'too_few' | 'too_old' | 'apart' | 'jump' | 'off_peg' | string | undefined
  readonly detail?: string | undefined
  /** RFC 3339, in UTC. */
  readonly since?: string | undefined
  readonly sources: readonly {
    /** An exchange, by its name. */
    readonly source: string
    /** What became of its word the last time: used, or why it is not counted. */
    readonly verdict: 'used' | 'old' | 'ahead' | 'crossed' | 'wide' | 'still' | 'outlier' | 'failed' | 'not_asked' | string
    /** A decimal number of whole units, never a float. */
    readonly bid?: string | undefined
    /** A decimal number of whole units, never a float. */
    readonly ask?: string | undefined
    /** RFC 3339, in UTC. */
    readonly heard_at?: string | undefined
    /** Its own time, where it says one. */
    readonly said_at?: string | undefined
    /** What was wrong when it was asked last; for operators. */
    readonly fault?: string | undefined
  }[]
}

/** A payout that has left is asked back. An answer is no money: that comes as a return, and the payout says so. */
export type Recall = {
  readonly object: 'recall'
  readonly id: string
  readonly payout: string
  readonly attempt: string
  readonly rail: string
  /** A bank’s own recall, or the request of who paid: a bank takes one of each about a payment. */
  readonly kind: 'recall' | 'request'
  readonly reason: 'DUPL' | 'TECH' | 'FRAD' | 'AC03' | 'AM09' | 'CUST'
  readonly details?: string | undefined
  readonly status: 'asked' | 'sent' | 'pending' | 'accepted' | 'returned' | 'refused' | 'not_paid'
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** RFC 3339, in UTC. */
  readonly sent_at?: string | undefined
  /** By when the payee’s bank is to answer. */
  readonly answer_by: string
  /** It is later than that, and nothing has ended it: ask the bank. */
  readonly overdue?: true | undefined
  readonly answers: readonly {
    readonly answer: 'pending' | 'accepted' | 'refused' | 'impossible'
    /** RFC 3339, in UTC. */
    readonly at: string
    /** The bank's own code. */
    readonly code?: string | undefined
    /** What it means, for a person. */
    readonly words: string
    /** What the bank writes beside it. */
    readonly detail?: string | undefined
  }[]
  /** What came back of the payment, for whatever reason; late where that was refused before. */
  readonly money?: {
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly amount: CodedMoney
    readonly reason?: string | undefined
    readonly late?: true | undefined
  } | undefined
}

export type RecallPayoutBody = {
  readonly reason: 'DUPL' | 'TECH' | 'FRAD' | 'AC03' | 'AM09' | 'CUST'
  readonly details?: string | undefined
}

export type ReconciliationRun = {
  readonly object: 'reconciliation_run'
  readonly statements: readonly {
    readonly rail: string
    readonly statement: string
    readonly lines: number
    readonly matched: number
    readonly breaks: number
  }[]
  readonly rails: readonly {
    readonly rail: string
    readonly matched: number
    readonly breaks: number
  }[]
}

/** What goes back of a payment, wholly or in part. */
export type Refund = {
  readonly object: 'refund'
  readonly id: string
  readonly status: 'pending' | 'needs_claim' | 'sending' | 'unknown' | 'succeeded' | 'failed' | 'expired' | 'canceled'
  readonly receipt: string
  readonly payment_intent: string | null
  readonly payee: string
  /** The rail that it was paid by. */
  readonly rail: string
  readonly amount: Money
  /** What of the amount had come above the price. */
  readonly surplus: Money
  readonly paid: Money
  /** Of what was paid, with this refund, as it stood when this one was made. */
  readonly refunded: Money
  readonly left: Money
  /** Who has paid for it. */
  readonly sources: readonly {
    readonly from: string
    readonly amount: Money
  }[]
  readonly way: 'balance' | 'to' | 'link'
  readonly destination: { readonly [key: string]: unknown } | null
  readonly tries: readonly {
    readonly payout: string
    /** A destination, as POST /v1/payouts takes one. */
    readonly destination: { readonly [key: string]: unknown }
    readonly state: 'idle' | 'moving' | 'unknown' | 'settled' | 'failed' | 'returned'
    readonly rail: string | null
    readonly proof: string | null
    readonly reasons: readonly string[]
  }[]
  readonly reason: string
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  readonly dispute: string | null
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** RFC 3339, in UTC. */
  readonly expires_at: string
  readonly ended_at: string | null
  readonly payment_url: string
}

export type RefundSuspenseBody = {
  /** The id of what waits, as GET /v1/suspense names it. */
  readonly item: string
  readonly destinations: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: string
    readonly account: string
  })[]
  readonly reference?: string | undefined
  /** Decimal string in the asset that came; all that is left when absent. */
  readonly amount?: string | undefined
  readonly reason: string
  readonly evidence: {
    readonly text?: string | undefined
    readonly sha256?: string | undefined
  }
}

export type RefundWithLink = {
  readonly object: 'refund'
  readonly id: string
  readonly status: 'pending' | 'needs_claim' | 'sending' | 'unknown' | 'succeeded' | 'failed' | 'expired' | 'canceled'
  readonly receipt: string
  readonly payment_intent: string | null
  readonly payee: string
  /** The rail that it was paid by. */
  readonly rail: string
  readonly amount: Money
  /** What of the amount had come above the price. */
  readonly surplus: Money
  readonly paid: Money
  /** Of what was paid, with this refund, as it stood when this one was made. */
  readonly refunded: Money
  readonly left: Money
  /** Who has paid for it. */
  readonly sources: readonly {
    readonly from: string
    readonly amount: Money
  }[]
  readonly way: 'balance' | 'to' | 'link'
  readonly destination: { readonly [key: string]: unknown } | null
  readonly tries: readonly {
    readonly payout: string
    /** A destination, as POST /v1/payouts takes one. */
    readonly destination: { readonly [key: string]: unknown }
    readonly state: 'idle' | 'moving' | 'unknown' | 'settled' | 'failed' | 'returned'
    readonly rail: string | null
    readonly proof: string | null
    readonly reasons: readonly string[]
  }[]
  readonly reason: string
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  readonly dispute: string | null
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** RFC 3339, in UTC. */
  readonly expires_at: string
  readonly ended_at: string | null
  readonly payment_url: string
  readonly state: 'none' | 'due' | 'paying' | 'unknown' | 'refunded'
  readonly to: string | null
  readonly last_try: {
    readonly status: string
    readonly reasons: readonly string[]
  } | null
  readonly claim_url: string | null
  readonly claim_page: string | null
}

export type RefuseAnswer = Approval | SuspenseAction

export type ReplayWebhookEventsBody = {
  /** The first event to bring again. */
  readonly from: string
  /** The last one; all up to now where it is left out. */
  readonly until?: string | undefined
}

export type RepricePlanBody = {
  /** What periods cost that begin from now on; those that have begun cost what they did. */
  readonly amount: {
    readonly asset: 'USD'
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  }
}

export type ResolveBreakBody = {
  /** entry: books the proposal, or debit and credit. accept: books nothing. */
  readonly how: 'entry' | 'accept'
  readonly debit?: string | undefined
  readonly credit?: string | undefined
  readonly reason: string
  readonly evidence: {
    readonly text?: string | undefined
    readonly sha256?: string | undefined
  }
}

export type RotateKeyBody = {
  /** How long the old key is good beside the new one. */
  readonly overlap_s?: number | undefined
}

export type RotateWebhookSecretBody = {
  /** How long messages carry a signature by the old secret too. */
  readonly overlap_s?: number | undefined
}

/** What the next hour will cost on rails whose price moves. No decision is made by it. */
export type RoutingForecast = {
  readonly object: 'routing_forecast'
  readonly rails: readonly {
    readonly rail: string
    readonly asset: string
    /** `gas`: of one payment, each minute. `fee`: what the rail took of a payment, each payment. */
    readonly of: 'gas' | 'fee'
    /** Of the prices in `foretold`: the code of an asset, or `ppm`, millionths of the amount. */
    readonly unit: string
    /** Prices that were seen; gas since the start. */
    readonly seen: number
    /** `new`: too few prices for a forecast. `thin`: it met too few to say. `off`: its bounds hold more or less often than they say. */
    readonly grade: 'new' | 'thin' | 'good' | 'off'
    /** The price now, and what one, five and nine of ten prices of the next hour are expected not to exceed. */
    readonly foretold?: {
      readonly now: string
      readonly low: string
      readonly middle: string
      readonly high: string
    } | undefined
    /** The price now, and what one, five and nine of ten prices of the next hour are expected not to exceed. */
    readonly foretold_usd?: {
      readonly now: string
      readonly low: string
      readonly middle: string
      readonly high: string
    } | undefined
    /** How often a price was within each bound, and the mean relative error (pinball loss). */
    readonly graded?: {
      readonly prices: number
      /** Millionths. */
      readonly low_ppm: number
      /** Millionths. */
      readonly middle_ppm: number
      /** Millionths. */
      readonly high_ppm: number
      /** Millionths. */
      readonly error_ppm: number
      /** The error of saying the last price. */
      readonly error_of_last_ppm: number
    } | undefined
  }[]
}

/** Which rails answer now, of those that were asked since the start. */
export type RoutingHealth = {
  readonly object: 'routing_health'
  readonly rails: readonly {
    /** The rail, or its calls that ask payees' own servers first. */
    readonly rail: string
    /** `resting`: it gave no answers and is left alone until `until`. `on_trial`: it is tried with small payments, one at a time. */
    readonly state: 'well' | 'resting' | 'on_trial'
    readonly calls_under_way: number
    /** Calls without an answer, one after the other. */
    readonly silences: number
    readonly since?: string | undefined
    readonly until?: string | undefined
    /** The silent calls were all of one party, so it rests for that party alone. */
    readonly of_one_party?: true | undefined
  }[]
}

/** What earlier tries have taught of how often each way pays. */
export type RoutingLearning = {
  readonly object: 'routing_learning'
  readonly open_tries: number
  readonly rails: readonly {
    readonly rail: string
    readonly asset: string
    readonly tries: number
    /** Millionths. */
    readonly chance_ppm: number
    /** Millionths. */
    readonly rail_ppm: number
    /** Millionths. */
    readonly brier_ppm: number
    /** Millionths. */
    readonly brier_of_rail_ppm: number
    /** Tries by the chance that was reckoned with, and how many of them were paid. */
    readonly ranges: readonly {
      /** Millionths. */
      readonly up_to_ppm: number
      readonly tries: number
      /** Millionths. */
      readonly expected_ppm: number
      /** Millionths. */
      readonly paid_ppm: number
    }[]
    readonly paid: {
      readonly tries: number
      readonly p50_ms?: number | undefined
      readonly p90_ms?: number | undefined
      readonly p99_ms?: number | undefined
    }
    readonly failed: {
      readonly tries: number
      readonly p50_ms?: number | undefined
      readonly p90_ms?: number | undefined
      readonly p99_ms?: number | undefined
    }
    /** How often the seconds that the rail says a payment takes, in millionths: 1000000 is as it says. */
    readonly pace_ppm: number
    /** What the rail really charged, where it tells; only a good line is reckoned with. */
    readonly fees?: {
      readonly grade: 'good' | 'thin' | 'non_linear'
      readonly payments: number
      /** In the smallest units of its asset. */
      readonly fixed_units: number
      /** Millionths. */
      readonly share_ppm: number
      readonly error_bps: number
    } | undefined
  }[]
  readonly cells: readonly {
    readonly rail: string
    readonly asset: string
    readonly from: string
    readonly country?: string | undefined
    /** The worth: 0 is at most ten cents, and each next one ten times as much. */
    readonly band: number
    /** Millionths. */
    readonly chance_ppm: number
    /** On how many tries it rests, older ones weighing less. */
    readonly weight: number
  }[]
}

/** How a party wants its payouts to go. Each change is a version more, which decisions name. */
export type RoutingPolicy = {
  readonly object: 'routing_policy'
  readonly party: string
  /** 0 where nothing was ever said. */
  readonly version: number
  readonly allow: readonly string[]
  readonly forbid: readonly string[]
  readonly prefer: readonly string[]
  /** A decimal number of whole units, never a float. */
  readonly prefer_by_usd: string
  readonly wait_percent: number
  /** A decimal number of whole units, never a float. */
  readonly fee_max_usd?: string | undefined
  readonly attempts_max?: number | undefined
  readonly parts_max?: number | undefined
}

/** Ask again: the same verification is further on, or done. */
export type RunningVerification = {
  readonly state: 'running'
  readonly journal: {
    readonly block: number
    readonly of: number
  } | null
}

export type SearchAnswer = {
  readonly data: readonly SearchResult[]
  readonly has_more: boolean
}

export type SearchQuery = {
  readonly reference: string
  readonly limit?: number | undefined
  /** Seconds to wait until the list shows what was answered before; 0 answers at once, as of the header switchyard-read-position. */
  readonly wait?: number | undefined
}

export type SearchResult = {
  readonly object: 'search_result'
  readonly type: 'payment_intent' | 'payment_link' | 'invoice' | 'plan' | 'subscription' | 'payment' | 'payout' | 'payout_batch' | 'quote' | 'exchange' | 'refund' | 'dispute' | 'party' | 'split' | 'key' | 'lightning_address' | 'withdraw_link' | 'wallet_app' | 'standing_order' | 'break'
  readonly id: string
  readonly url: string
}

export type SetApprovalLimitsAnswer = {
  readonly object: 'approval_limits'
  readonly party: string
  readonly payouts_usd_max: string | null
} | Approval

export type SetApprovalLimitsBody = {
  readonly payouts_usd_max: string | null
}

export type SetRoutingPolicyBody = {
  /** Only these rails, when there are any: `evm:8453`, or all of a kind, `evm`. */
  readonly allow?: readonly ('lightning' | 'evm' | 'bank' | 'bank:us' | 'bank:us-same-day' | 'book' | 'custom' | string)[] | undefined
  readonly forbid?: readonly ('lightning' | 'evm' | 'bank' | 'bank:us' | 'bank:us-same-day' | 'book' | 'custom' | string)[] | undefined
  /** Every other rail is taken to cost prefer_by_usd more. */
  readonly prefer?: readonly ('lightning' | 'evm' | 'bank' | 'bank:us' | 'bank:us-same-day' | 'book' | 'custom' | string)[] | undefined
  readonly prefer_by_usd?: string | undefined
  /** What waiting is worth, in hundredths of the operator’s price. */
  readonly wait_percent?: number | undefined
  /** The most that a rail may be expected to take. */
  readonly fee_max_usd?: string | undefined
  readonly attempts_max?: number | undefined
  /** In so many parts a payout may be paid that is too much for each way: 4 when absent, 1 never. */
  readonly parts_max?: number | undefined
}

/** What a payee was paid out of the hub; 202 as for a sweep. */
export type ShareClaim = {
  readonly split: string
  readonly account: string
  readonly outcome: 'settled' | 'failed' | 'unknown'
  readonly chains: readonly {
    readonly rail: string
    readonly outcome: 'settled' | 'failed' | 'unknown'
    readonly reason?: string | undefined
    readonly evidence?: string | undefined
  }[]
}

/** With its connection (NIP-47), which is a secret: null for a key that may not make one. */
export type ShownWalletApp = {
  readonly id: string
  readonly object: 'wallet_app'
  readonly party: string
  readonly name: string
  readonly status: 'active' | 'ended'
  readonly methods: readonly ('get_info' | 'get_balance' | 'get_budget' | 'make_invoice' | 'pay_invoice' | 'pay_keysend' | 'lookup_invoice' | 'list_transactions')[]
  readonly budget: Money
  readonly period: 'never' | 'daily' | 'weekly' | 'monthly' | 'yearly'
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly expires_at: string | null
  readonly connection: string | null
}

/** With its secret, by which one withdraws: null for a key that may not make one. */
export type ShownWithdrawLink = {
  readonly id: string
  readonly object: 'withdraw_link'
  readonly party: string
  readonly status: string
  readonly amount: Money
  readonly left: Money
  readonly uses: number
  readonly description: string
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** RFC 3339, in UTC. */
  readonly expires_at: string
  readonly lnurl: string | null
  readonly lnurlw: string | null
}

export type SignLnurlLoginAnswer = {
  readonly status: 'OK'
} | WalletRefusal

export type SignLnurlLoginQuery = {
  readonly k1: string
  readonly sig: string
  readonly key: string
}

/** What a payment was, signed, and the later words on it: each names the hash of the one before. */
export type SignedReceipt = {
  readonly receipt: {
    readonly id: string
    /** RFC 3339, in UTC. */
    readonly issued_at: string
    readonly payment: string
    readonly resource: string
    readonly price: Money
    readonly rail: string
    readonly paid: Money
    readonly fee: Money
    readonly rate: string
    readonly state: 'settled' | 'authorised'
    readonly upto?: true | undefined
    readonly payee: string
    readonly split: string
    readonly parts: readonly {
      readonly to: string
      /** A decimal number of whole units, never a float. */
      readonly amount: string
    }[]
    readonly entry: string
  }
  /** The first 16 hex digits of the SHA-256 of the public key. */
  readonly key_id: string
  /** Ed25519 over the canonical JSON (RFC 8785) of what is signed, in base64url. */
  readonly signature: string
  readonly inclusion?: string | undefined
  readonly updates?: readonly {
    readonly update: {
      readonly receipt: string
      readonly n: number
      /** RFC 3339, in UTC. */
      readonly at: string
      readonly before: string
      readonly state: 'held' | 'settled' | 'failed' | 'refund_due' | 'refunded'
      readonly reason?: string | undefined
      readonly transaction?: string | undefined
      readonly block?: string | undefined
      readonly entry?: string | undefined
      readonly charged?: Money | undefined
      readonly amount?: Money | undefined
    }
    /** The first 16 hex digits of the SHA-256 of the public key. */
    readonly key_id: string
    /** Ed25519 over the canonical JSON (RFC 8785) of what is signed, in base64url. */
    readonly signature: string
    readonly inclusion?: string | undefined
  }[] | undefined
}

export type SimulateRoutingBody = {
  readonly party: string
  readonly amount: {
    readonly asset: string
    /** Decimal string of whole units, such as "0.002"; at most 21000000 of bitcoin and 1000000000000 of a currency or token. */
    readonly amount: string
  }
  readonly destinations?: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: string
    readonly account: string
  })[] | undefined
  /** Price lists of rails that need not be here, such as rtp or ach_same_day, each as a way of its own. */
  readonly schedules?: readonly string[] | undefined
}

/** What a payout would be decided as now. Nothing is held, sent or kept. */
export type Simulation = {
  readonly object: 'simulation'
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly amount: CodedMoney
  /** A decimal number of whole units, never a float. */
  readonly worth_usd: string
  readonly attempts_max: number
  /** A decimal number of whole units, never a float. */
  readonly expected_cost_usd: string
  /** A decimal number of whole units, never a float. */
  readonly cost_of_not_paying_usd: string
  /** What the cheapest fee first would be expected to cost, by the same terms. */
  readonly cheapest_first_cost_usd?: string | undefined
  readonly order: readonly number[]
  readonly would_change_if?: {
    readonly term: string
    /** A decimal number of whole units, never a float. */
    readonly now_usd: string
    /** A decimal number of whole units, never a float. */
    readonly must_rise_by_usd: string
    readonly in_favour_of: number | null
    readonly why: string
  } | undefined
  /** The routing policy that it was judged by. */
  readonly policy?: {
    readonly party: string
    readonly version: number
  } | undefined
  /** By which way the plan of its batch has it paid; another one had to cost so much less. */
  readonly planned?: {
    readonly rail: string
    readonly destination: number
    /** A decimal number of whole units, never a float. */
    readonly prefer_usd: string
  } | undefined
  /** In which parts it is paid, where it is too much for each way. */
  readonly parts?: readonly {
    readonly rail: string
    readonly destination: number
    readonly amount: CodedMoney
    /** A decimal number of whole units, never a float. */
    readonly expected_cost_usd: string
    readonly why: string
  }[] | undefined
  /** Why it was sent when it was, where it could wait for a cheaper time. */
  readonly timing?: {
    /** RFC 3339, in UTC. */
    readonly cheapest_by: string
    readonly reason: string
    readonly why: string
    /** A decimal number of whole units, never a float. */
    readonly cost_usd: string
    /** A decimal number of whole units, never a float. */
    readonly lowest_usd?: string | undefined
  } | undefined
  readonly prices?: {
    readonly wait_nano_per_second: string
    readonly capital_ppt_per_second: string
  } | undefined
  readonly rates: readonly { readonly [key: string]: unknown }[]
  readonly candidates: readonly {
    readonly rail: string
    readonly destination: number
    readonly verdict: string
    readonly why: string
    readonly rank?: number | undefined
    readonly amount?: CodedMoney | undefined
    readonly fee_max?: CodedMoney | undefined
    /** What it has otherwise than the first try of the same way, which failed. */
    readonly changed?: readonly string[] | undefined
    readonly success_ppm?: string | undefined
    /** The chance as the rail says it, where earlier tries taught another. */
    readonly rail_ppm?: string | undefined
    /** Its seconds to good funds as the rail says them, where earlier payments taught other ones. */
    readonly rail_seconds?: string | undefined
    /** Its fee as the rail says it, where earlier payments or the operator say another. */
    readonly rail_fee_usd?: string | undefined
    /** When the payee has good funds if it is tried now and pays, on the rail’s own calendar. */
    readonly good_funds_at?: string | undefined
    readonly terms?: { readonly [key: string]: string } | undefined
    /** A decimal number of whole units, never a float. */
    readonly dearer_by_usd?: string | undefined
    readonly inputs?: {
      readonly seconds_to_funds: string
      readonly seconds_to_fail: string
      /** A decimal number of whole units, never a float. */
      readonly available_usd: string
    } | undefined
    readonly reason?: string | undefined
    readonly schedule?: string | undefined
    readonly title?: string | undefined
    readonly source?: string | undefined
  }[]
}

export type Split = {
  readonly id: string
  readonly object: 'split'
  readonly split_id: string
  readonly root: string
  /** A whole number as text, because it may be larger than a double holds. */
  readonly total_shares: string
  readonly metadata_hash: string
  readonly metadata: { readonly [key: string]: string }
  readonly payees: readonly {
    readonly party: string
    readonly account: string
    readonly paid_by: 'contract' | 'books'
    /** A whole number as text, because it may be larger than a double holds. */
    readonly shares: string
  }[]
  /** RFC 3339, in UTC. */
  readonly created_at: string
}

/** What was moved into the hub; 202 where a chain has not settled it yet, or refused it. */
export type SplitSweep = {
  readonly split: string
  readonly outcome: 'settled' | 'failed' | 'unknown'
  readonly chains: readonly {
    readonly rail: string
    readonly outcome: 'settled' | 'failed' | 'unknown'
    readonly reason?: string | undefined
    readonly evidence?: string | undefined
  }[]
}

/** A balance that is paid out by a calendar. */
export type StandingOrder = {
  readonly id: string
  readonly object: 'standing_order'
  readonly party: string
  readonly status: 'active' | 'paused' | 'ended'
  readonly every: 'hour' | 'day' | 'week' | 'month'
  readonly day: number | null
  readonly hour: number | null
  readonly amount: Money | null
  readonly keep: Money
  readonly when_above: Money | null
  readonly fee_max: Money
  readonly destination: {
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: unknown
    readonly account: string
  }
  readonly reference: string
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly next_run_at: string | null
  readonly last_run: {
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly payout: string | null
    readonly failed: string | null
  } | null
}

/** What moved on the balances of a party in a period of days. */
export type Statement = {
  readonly object: 'statement'
  readonly party: string
  readonly from: string
  readonly to: string
  readonly time_zone: string
  /** preliminary: the period has not ended, or did less than a minute ago. */
  readonly status: 'final' | 'preliminary'
  /** What is in it is from before this. */
  readonly until: string
  readonly value_currency: string
  readonly balances: readonly StatementBalance[]
  /** Asset by asset in the order of balances, the oldest first. */
  readonly data: readonly StatementMovement[]
  readonly has_more: boolean
  readonly next?: string | undefined
}

/** One asset: opening, and in less out, is closing. */
export type StatementBalance = {
  readonly asset: string
  readonly asset_id: string
  /** A decimal number of whole units, never a float. */
  readonly opening: string
  /** A decimal number of whole units, never a float. */
  readonly in: string
  /** A decimal number of whole units, never a float. */
  readonly out: string
  /** A decimal number of whole units, never a float. */
  readonly closing: string
}

export type StatementMovement = {
  /** RFC 3339, in UTC. */
  readonly at: string
  /** Its day in the time zone of the statement. */
  readonly date: string
  readonly kind: 'payment' | 'split_share' | 'payout' | 'fee' | 'refund' | 'exchange' | 'top_up' | 'batch' | 'dispute' | 'correction' | 'other'
  /** Negative where it went. */
  readonly amount: string
  readonly asset: string
  readonly asset_id: string
  /** In this asset, after it. */
  readonly balance: string
  /** The intent, receipt, payout, refund or other thing that it is of. */
  readonly of: string | null
  readonly reference: string
  readonly description: string
  readonly entry: string
  /** null where no rate was known then. */
  readonly worth: Worth | null
}

export type SubmitDisputeEvidenceBody = {
  readonly text: string
  readonly references?: readonly {
    readonly kind: 'receipt' | 'delivery' | 'log'
    readonly value: string
  }[] | undefined
}

/** Somebody who pays by a plan, an intent each period. */
export type Subscription = {
  readonly id: string
  readonly object: 'subscription'
  readonly status: 'needs_consent' | 'trialing' | 'active' | 'past_due' | 'paused' | 'canceled'
  readonly plan: string
  readonly party?: string | undefined
  readonly split?: string | undefined
  readonly subscriber: string | null
  readonly amount: Money
  /** What its payer lets be taken in a period. */
  readonly amount_max: Money | null
  readonly cancel_at_period_end: boolean
  readonly current_period: {
    /** Counted from 0. */
    readonly index: number
    /** RFC 3339, in UTC. */
    readonly from: string
    /** RFC 3339, in UTC. */
    readonly to: string
    readonly payment_intent: string
    /** Where a person pays it: a path on this gateway. */
    readonly page: string
    readonly paid: boolean
    readonly tries_failed: number
  } | null
  /** When something is done next: a period begins, or a payment is tried again. */
  readonly next_at: string | null
  readonly metadata: { readonly [key: string]: string }
  readonly created_by: string
  /** RFC 3339, in UTC. */
  readonly created_at: string
}

/** Money that arrived and has no owner yet, and what a person should see. */
export type Suspense = {
  readonly data: readonly {
    readonly id: string
    readonly rail: string
    readonly amount: Money
    readonly reference: string
    readonly payer: string
    readonly remittance: string
    readonly note: string
    /** RFC 3339, in UTC. */
    readonly at: string
    readonly suggestions: readonly { readonly [key: string]: unknown }[]
  }[]
  readonly waiting: readonly SuspenseAction[]
  readonly exceptions: readonly unknown[]
  readonly not_collected: readonly { readonly [key: string]: unknown }[]
  readonly exchanges: readonly unknown[]
  readonly problems: readonly {
    readonly rail: string
    readonly what: string
    readonly detail: string
  }[]
}

/** What an operator does by hand with money of nobody, or asks another to agree to. */
export type SuspenseAction = {
  readonly id: string
  readonly object: 'suspense_action'
  readonly status: 'waiting' | 'booked' | 'canceled' | 'refused' | string
  readonly amount: Money
  readonly what: 'assign' | 'refund' | 'write_off' | 'adjust' | 'end_attempt'
  readonly to?: string | undefined
  readonly item?: string | undefined
  readonly rail?: string | undefined
  readonly payer?: string | undefined
  readonly payout?: string | undefined
  readonly destinations?: readonly ({
    readonly kind: 'lightning_invoice'
    readonly invoice: string
  } | {
    readonly kind: 'lightning_node'
    readonly node_id: string
    readonly records?: readonly {
      readonly type: string
      readonly value: string
    }[] | undefined
  } | {
    readonly kind: 'lightning_offer'
    readonly offer: string
  } | {
    readonly kind: 'lightning_address'
    readonly address: string
  } | {
    readonly kind: 'lnurl'
    readonly lnurl: string
  } | {
    readonly kind: 'bitcoin_uri'
    readonly uri: string
  } | {
    readonly kind: 'evm_address'
    readonly address: string
  } | {
    readonly kind: 'iban'
    readonly iban: string
    readonly name: string
  } | {
    readonly kind: 'us_account'
    readonly routing_number: string
    readonly account_number: string
    readonly account_type: 'checking' | 'savings'
    readonly name: string
    readonly holder?: 'person' | 'company' | undefined
  } | {
    readonly kind: 'party'
    readonly party: string
  } | {
    readonly kind: 'custom'
    readonly rail: unknown
    readonly account: string
  })[] | undefined
  readonly reference?: string | undefined
  readonly debit?: string | undefined
  readonly credit?: string | undefined
  readonly attempt?: string | undefined
  readonly outcome?: 'settled' | 'failed' | undefined
  readonly reason: string
  readonly evidence: {
    readonly text?: string | undefined
    readonly sha256?: string | undefined
  }
  readonly by: string
  readonly approved_by: string | null
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly refused?: unknown | undefined
}

export type SweepSplitQuery = {
  readonly rail?: string | undefined
}

/** What time it is for a gateway of a local network. There is none elsewhere. */
export type TestClock = {
  readonly object: 'test_clock'
  /** RFC 3339, in UTC. */
  readonly now: string
  /** Before the machine’s own clock. */
  readonly ahead_s: number
}

export type TracedPayment = {
  readonly id: string
  readonly object: 'payment'
  readonly kind: 'intent' | 'request' | 'payout' | 'exchange'
  readonly status: string
  readonly rail: string | null
  readonly asset: string | null
  /** A whole number as text, because it may be larger than a double holds. */
  readonly units: string
  readonly party: string | null
  readonly receipt: string | null
  readonly key: string | null
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** RFC 3339, in UTC. */
  readonly changed_at: string
}

/** Sums in the smallest units of each asset. */
export type TrialBalance = {
  readonly data: readonly {
    readonly account: string
    readonly asset: string
    readonly asset_id: string
    /** A whole number as text, because it may be larger than a double holds. */
    readonly debits: string
    /** A whole number as text, because it may be larger than a double holds. */
    readonly credits: string
    /** A whole number as text, because it may be larger than a double holds. */
    readonly debits_pending: string
    /** A whole number as text, because it may be larger than a double holds. */
    readonly credits_pending: string
  }[]
  readonly has_more: boolean
  readonly next?: string | undefined
  readonly head: {
    readonly seq: number
    readonly hash: string
  }
}

export type TryRoutingPolicyAnswer = {
  readonly object: 'routing_policy_dry_run'
  readonly decisions: number
  /** How many would have begun with another way. */
  readonly otherwise: number
  /** How many would have had no way; they are in neither sum. */
  readonly excluded: number
  readonly rules: readonly string[]
  /** By the operator’s prices; negative when it would have cost less. */
  readonly costs_more_usd: string
  readonly slower_s: string
  /** False where more was paid in the week than is looked at: the newest 200 of its decisions, among the newest 1,000 payouts of all. */
  readonly whole: boolean
  /** What the policy names and no rail here is: another network’s, or a slip of the pen. */
  readonly not_here: readonly string[]
  readonly why: string
}

export type TryRoutingPolicyBody = {
  /** Only these rails, when there are any: `evm:8453`, or all of a kind, `evm`. */
  readonly allow?: readonly ('lightning' | 'evm' | 'bank' | 'bank:us' | 'bank:us-same-day' | 'book' | 'custom' | string)[] | undefined
  readonly forbid?: readonly ('lightning' | 'evm' | 'bank' | 'bank:us' | 'bank:us-same-day' | 'book' | 'custom' | string)[] | undefined
  /** Every other rail is taken to cost prefer_by_usd more. */
  readonly prefer?: readonly ('lightning' | 'evm' | 'bank' | 'bank:us' | 'bank:us-same-day' | 'book' | 'custom' | string)[] | undefined
  readonly prefer_by_usd?: string | undefined
  /** What waiting is worth, in hundredths of the operator’s price. */
  readonly wait_percent?: number | undefined
  /** The most that a rail may be expected to take. */
  readonly fee_max_usd?: string | undefined
  readonly attempts_max?: number | undefined
  /** In so many parts a payout may be paid that is too much for each way: 4 when absent, 1 never. */
  readonly parts_max?: number | undefined
}

/** The mandate by which an agent has paid. */
export type UsedMandate = {
  readonly agent: string
  readonly payment_sha256: string
  readonly checkout_sha256: string | null
  readonly mandate_url: string
}

/** The ledger beside itself and beside each rail’s own word. */
export type Verification = {
  readonly ok: boolean
  /** RFC 3339, in UTC. */
  readonly at: string
  readonly journal: {
    readonly blocks: number
    readonly head: string
    readonly verdict: 'unbroken' | 'broken'
    readonly detail?: string | undefined
  }
  readonly sums: readonly {
    readonly asset: string
    readonly debits: string
    readonly credits: string
    readonly verdict: 'equal' | 'in_flight' | 'break' | 'silent'
  }[]
  readonly rails: readonly {
    readonly account: string
    readonly asset: string
    readonly ledger: string
    /** What the rail says; why there is no word of it where the verdict is silent. */
    readonly rail: string
    readonly difference: string
    readonly in_flight: readonly {
      readonly what: string
      /** A decimal number of whole units, never a float. */
      readonly amount: string
    }[]
    readonly verdict: 'equal' | 'in_flight' | 'break' | 'silent'
  }[]
  readonly splits: readonly {
    readonly account: string
    readonly asset: string
    readonly ledger: string
    /** What the rail says; why there is no word of it where the verdict is silent. */
    readonly rail: string
    readonly difference: string
    readonly in_flight: readonly {
      readonly what: string
      /** A decimal number of whole units, never a float. */
      readonly amount: string
    }[]
    readonly verdict: 'equal' | 'in_flight' | 'break' | 'silent'
  }[]
  readonly suspense: readonly {
    readonly account: string
    readonly asset: string
    readonly ledger: string
    /** What the rail says; why there is no word of it where the verdict is silent. */
    readonly rail: string
    readonly difference: string
    readonly in_flight: readonly {
      readonly what: string
      /** A decimal number of whole units, never a float. */
      readonly amount: string
    }[]
    readonly verdict: 'equal' | 'in_flight' | 'break' | 'silent'
  }[]
}

export type VerifyBooksAnswer = Verification | RunningVerification

export type VerifyLnurlInvoiceAnswer = LnurlVerification | WalletRefusal

/** accepted is what the payer owes in all, added what this one added. */
export type Voucher = {
  readonly object: 'voucher'
  readonly channel: string
  readonly receipt: string
  readonly accepted: Money
  readonly added: Money
}

export type VoucherClaims = {
  readonly split: string
  readonly claims: readonly {
    readonly rail: string
    readonly outcome: 'settled' | 'failed' | 'unknown'
    readonly reason?: string | undefined
    readonly closer: string
    readonly vouchers: number
    readonly value: Money
    readonly expected_cost: Money
    readonly evidence?: string | undefined
    readonly cost?: Money | undefined
  }[]
}

/** What a program without a key asks for: its own words, which nobody has checked. */
export type WaitingProgram = {
  readonly object: 'device_code'
  readonly user_code: string
  readonly status: 'pending' | 'denied'
  readonly name: string
  readonly request_max: Money | null
  readonly day_max: Money | null
  /** The address that the program asked from. */
  readonly from: string
  /** RFC 3339, in UTC. */
  readonly expires_at: string
}

export type WalletApp = {
  readonly id: string
  readonly object: 'wallet_app'
  readonly party: string
  readonly name: string
  readonly status: 'active' | 'ended'
  readonly methods: readonly ('get_info' | 'get_balance' | 'get_budget' | 'make_invoice' | 'pay_invoice' | 'pay_keysend' | 'lookup_invoice' | 'list_transactions')[]
  readonly budget: Money
  readonly period: 'never' | 'daily' | 'weekly' | 'monthly' | 'yearly'
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  readonly expires_at: string | null
}

/** What a wallet shows where it is refused (LUD-01). */
export type WalletRefusal = {
  readonly status: 'ERROR'
  readonly reason: string
}

export type WebhookEndpoint = {
  readonly id: string
  readonly object: 'webhook_endpoint'
  readonly url: string
  /** null: all. */
  readonly types: readonly string[] | null
  readonly description: string | null
  readonly status: 'enabled' | 'disabled'
  /** failing: nothing arrived for three days; gone: the receiver answered 410. */
  readonly disabled_because: 'asked' | 'failing' | 'gone' | null
  /** Where nothing has arrived for a day. */
  readonly failing_since: string | null
  readonly party: string | null
  readonly operator: string | null
  readonly version: string
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
}

export type WithdrawByLnurlAnswer = {
  readonly status: 'OK'
} | WalletRefusal

export type WithdrawByLnurlQuery = {
  readonly k1: string
  readonly pr: string
}

export type WithdrawFacilitatedResourceQuery = {
  readonly resource: string
}

export type WithdrawLink = {
  readonly id: string
  readonly object: 'withdraw_link'
  readonly party: string
  readonly status: string
  readonly amount: Money
  readonly left: Money
  readonly uses: number
  readonly description: string
  readonly metadata: { readonly [key: string]: string }
  /** RFC 3339, in UTC. */
  readonly created_at: string
  /** RFC 3339, in UTC. */
  readonly expires_at: string
}

/** What an amount was worth when it moved, by the last rate that was written before. */
export type Worth = {
  /** A decimal number of whole units, never a float. */
  readonly amount: string
  readonly asset: string
  /** The set of prices (rt_), the authority and its day, or configuration for a constant. */
  readonly rate_source: string
  /** Of when the rate is; null for a constant, which has no time. */
  readonly rate_at: string | null
}

export type WriteOffSuspenseBody = {
  /** The id of what waits, as GET /v1/suspense names it. */
  readonly item: string
  /** Decimal string in the asset that came; all that is left when absent. */
  readonly amount?: string | undefined
  readonly reason: string
  readonly evidence: {
    readonly text?: string | undefined
    readonly sha256?: string | undefined
  }
}
