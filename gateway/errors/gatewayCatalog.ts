import type { ErrorKind } from './errorKind.ts'

/** The codes that only a gateway raises, but for those of proofs: rows of `catalog.ts`, which says what they are. */
export const gatewayCatalog = {
  // Input
  own_account: {
    status: 422,
    title: 'The destination is an account of this gateway',
    hint: 'To credit somebody here, pay {"kind": "party", "party": "..."} instead.',
  },
  unknown_asset: { status: 400, title: 'The asset is not known here', hint: 'Use one of the assets listed by GET /v1/rails.' },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    hint: 'Send at most 64 kB: of an answer of a seller 512 kB, of a batch 1 MB.',
  },
  unsupported_media_type: { status: 415, title: 'The content type is not supported', hint: 'Send application/json.' },
  not_found: {
    status: 404,
    title: 'There is nothing under this id or path',
    hint: 'Check the id; lists are at the resource without an id.',
  },
  event_cursor_unknown: {
    status: 400,
    title: 'There is no such event to go on from',
    hint: 'Use the id of an event that this key has read, or leave `after` out.',
  },
  too_many_streams: {
    status: 429,
    title: 'Too many streams of events are open',
    hint: 'Close one, or read pages (GET /v1/events?after=) instead.',
  },
  unknown_version: {
    status: 400,
    title: 'There is no such version of the API',
    hint: 'Send a Switchyard-Version of meta.versions, or none for the newest.',
  },
  misdirected_request: {
    status: 421,
    title: 'The request is for another host',
    hint: 'Use the host of `publicUrl`, or the address it listens on.',
  },
  unauthorized: {
    status: 401,
    title: 'An API key is needed',
    hint: 'Send Authorization: Bearer sk_...; a local network (npx switchyard-dev) prints one.',
  },
  suspense_changed: {
    status: 409,
    title: 'Somebody else had a hand in it',
    hint: 'Nothing moved. Read GET /v1/suspense again and decide on what stands there now.',
  },
  break_closed: {
    status: 409,
    title: 'The break was ended already',
    hint: 'Nothing moved. GET /v1/reconciliation/:id says how it was ended, or by whom.',
  },
  attempt_not_stuck: {
    status: 409,
    title: 'The attempt cannot be ended by hand',
    hint: 'Nothing was done. Read the payout again: a person ends only an attempt that is unknown and stuck.',
  },
  key_not_allowed: {
    status: 403,
    title: 'This key is not for that',
    hint: 'Use a key whose rights, role and addresses hold it, or have one made: POST /v1/keys.',
  },
  form_refused: {
    status: 403,
    title: 'The form was refused',
    hint: 'Nothing was done. Open the page of the dashboard again, and send its form.',
  },
  authorization_pending: {
    status: 400,
    title: 'Nobody has granted the code yet',
    hint: 'Ask again after the interval that came with the code.',
  },
  slow_down: {
    status: 400,
    title: 'The program asks too often',
    hint: 'Nothing was done. Wait five seconds more between two questions than before.',
  },
  access_denied: {
    status: 400,
    title: 'A person has said no',
    hint: 'No key was made. Ask for another code only where somebody wants it.',
  },
  expired_token: {
    status: 400,
    title: 'The code is over, or was never given',
    hint: 'Ask for another code: POST /v1/device_codes.',
  },
  approval_needed: {
    status: 403,
    title: 'Another person must agree first',
    hint: 'When meta.approval is approved, send the request again with Switchyard-Approval.',
  },
  approval_ended: {
    status: 409,
    title: 'The approval is no longer open',
    hint: 'Nothing was done. Read GET /v1/approvals/:id, and ask anew where it is wanted.',
  },
  order_ended: {
    status: 409,
    title: 'The standing order has ended',
    hint: 'Nothing was changed. Make another one with POST /v1/standing_orders.',
  },
  payout_sent: {
    status: 409,
    title: 'The payout is on its way, or has its end',
    hint: 'Nothing was changed. GET /v1/payouts/:id says what becomes of it.',
  },
  recall_refused: {
    status: 409,
    title: 'The payment can not be asked back',
    hint: 'Nothing was changed. GET /v1/payouts/:id/recalls lists what was asked for before.',
  },
  deadline_unreachable: {
    status: 422,
    title: 'No rail can pay in time',
    hint: 'Nothing was held. Ask for a later deliver_by, or name a destination that a faster rail pays.',
  },
  batch_ended: {
    status: 409,
    title: 'The batch has its end',
    hint: 'Nothing was changed. GET /v1/payout_batches/:id says what became of its rows.',
  },
  quote_used: {
    status: 409,
    title: 'The quote was used',
    hint: 'Nothing more was held. The payout that it became is in `meta.payout`; make another quote for another payment.',
  },
  quote_expired: {
    status: 409,
    title: 'The time of the quote is over',
    hint: 'Nothing was held. Make another with POST /v1/quotes, and use it before its expires_at.',
  },
  quote_outdated: {
    status: 409,
    title: 'The rail takes more than the quote allows',
    hint: 'Nothing was held. Make another with POST /v1/quotes: it says what the rail takes now.',
  },
  rows_refused: {
    status: 422,
    title: 'Rows of the batch cannot be paid',
    hint: 'Nothing was held or paid. Correct the rows that errors names, or set on_refused to pay_others.',
  },
  approval_not_for_this: {
    status: 422,
    title: 'The approval is for another request',
    hint: 'Nothing was done. Send what was approved, unchanged, or without the header.',
  },
  key_ended: { status: 409, title: 'The key has ended', hint: 'Nothing was changed. Make a new key: POST /v1/keys.' },
  too_many_endpoints: {
    status: 409,
    title: 'There are enough webhook endpoints',
    hint: 'Nothing was made. Delete one that nobody needs: GET /v1/webhook_endpoints.',
  },
  passkey_refused: {
    status: 400,
    title: 'The passkey was not taken',
    hint: 'Nothing was kept. Load the page again, and finish within five minutes.',
  },
  too_many_keys: { status: 409, title: 'There are enough keys', hint: 'Nothing was made. Revoke keys that nobody uses: GET /v1/keys.' },
  forbidden: { status: 403, title: 'This key may not do that', hint: 'Use a key of the party concerned, or the operator key.' },
  agent_limit: {
    status: 403,
    title: 'The agent may not spend that',
    hint: 'Nothing was taken. Ask the people of its party: GET /v1/agents/:id shows them its policy.',
  },
  mandate_invalid: {
    status: 422,
    title: 'The mandate was not taken',
    hint: 'Nothing was made. docs/agents-owned.md lists which limits of AP2 0.2 are held.',
  },
  agent_required: {
    status: 403,
    title: 'This route is for known agents',
    hint: 'Sign the request as Web Bot Auth says (RFC 9421), with a key of an agent that the seller names.',
  },
  agent_signature_invalid: {
    status: 403,
    title: 'The signature of the agent does not hold',
    hint: 'Sign the request anew, with a nonce of its own and a key of the agent it names.',
  },
  payer_refused: {
    status: 403,
    title: 'This payer is not served here',
    hint: 'Nothing was taken and nothing is kept. Ask the operator of the gateway.',
  },
  screening_unavailable: {
    status: 503,
    title: 'Payers cannot be checked now',
    hint: 'Nothing was taken. Send the same request again after the seconds in Retry-After.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    hint: 'Nothing was done. Ask again after the seconds in Retry-After, or with an API key.',
  },
  overloaded: {
    status: 503,
    title: 'The gateway has more to do than it can',
    hint: 'Nothing was done. Send the same again after the seconds in Retry-After.',
  },
  facilitator_quota: { status: 429, title: 'The seller has used up what it may', hint: 'Nothing was taken. See GET /x402/account.' },
  facilitator_unfunded: { status: 402, title: 'The balance is below the fee', hint: 'Nothing was taken. Top up the balance.' },
  too_many_open: {
    status: 429,
    title: 'Too much is under way for this party or payee',
    hint: 'Nothing was taken. Wait until some of it has ended, or use `netting`; a way other than Lightning holds no slot.',
  },
  reads_behind: {
    status: 503,
    title: 'The read model does not show this yet',
    hint: 'What was acknowledged stands. Ask again after the seconds in Retry-After.',
  },
  split_exists: {
    status: 409,
    title: 'This table is registered already',
    hint: 'Use the split named in `meta.split`, or give the table another label.',
  },
  intent_closed: {
    status: 409,
    title: 'The payment intent is closed',
    hint: 'Create a new intent; what arrives for a closed one is kept as surplus and can be refunded.',
  },
  invoice_exists: {
    status: 409,
    title: 'The intent has its invoice',
    hint: 'Nothing was issued. meta.invoice names it: GET /v1/invoices/:id.',
  },
  payment_link_closed: {
    status: 409,
    title: 'The payment link takes no payment now',
    hint: 'Nothing was taken. meta.status says why; the seller can make another: POST /v1/payment_links.',
  },
  plan_inactive: {
    status: 409,
    title: 'The plan takes no new subscriptions',
    hint: 'Nothing was made. Use another plan: GET /v1/plans?status=active.',
  },
  subscription_canceled: {
    status: 409,
    title: 'The subscription was canceled',
    hint: 'Nothing was changed. Make a new one: POST /v1/subscriptions.',
  },
  too_many_active: {
    status: 409,
    title: 'There are enough of these',
    hint: 'Nothing was made. Deactivate or cancel one that nobody needs any more.',
  },
  // Idempotency
  idempotency_key_missing: {
    status: 400,
    title: 'An Idempotency-Key is needed',
    hint: 'Send an Idempotency-Key header, 8 to 128 visible ASCII characters, new for each operation.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key was used with another request',
    hint: 'Use a new key for a new request, or repeat the first request exactly.',
  },
  request_in_progress: {
    status: 409,
    title: 'The same request is still running',
    hint: 'Ask again after the seconds in Retry-After; it will not run twice.',
  },
  // Outcomes
  internal_error: {
    status: 500,
    title: 'Something unexpected happened',
    hint: 'Repeat the request with the same Idempotency-Key or proof: it is not done twice. The log names the request_id.',
  },
  insufficient_balance: {
    status: 402,
    title: 'The balance does not cover the amount',
    hint: 'Top up the balance, or pay by another offer.',
  },
  insufficient_liquidity: {
    status: 503,
    title: 'The gateway cannot convert this amount now',
    hint: 'Try a smaller amount or another rail; the operator has been told.',
  },
  fee_above_limit: {
    status: 422,
    title: 'The fee would be above its limit',
    hint: 'Nothing moved. Name a lower fee rate, or allow a higher fee.',
  },
  // Sellers whose app is elsewhere
  gateway_unreachable: {
    status: 503,
    title: 'Payments cannot be taken at the moment',
    hint: 'Nothing was taken. Try again later.',
  },
  seller_misconfigured: {
    status: 503,
    title: 'This route is not set up to be sold',
    hint: 'Nothing was taken. Try again later.',
  },
  upstream_unreachable: {
    status: 502,
    title: 'The service behind this address does not answer',
    hint: 'What was paid for this request goes back. Try again later.',
  },
  invalid_prices: {
    status: 500,
    title: 'The file of prices is not valid',
    hint: 'Nothing was started. Change what the message names; docs/sellers.md has a whole file.',
  },
  price_failed: {
    status: 500,
    title: 'The price of this request could not be told',
    hint: 'Nothing was taken. The seller has to mend the price function, and its log says why; a request with other parameters may have a price.',
  },
  journal_unavailable: {
    status: 503,
    title: 'The journal does not answer',
    hint: 'Nothing was started. See that its database runs and can be reached from this machine, then start again.',
  },
  ledger_unavailable: {
    status: 503,
    title: 'The ledger engine does not answer',
    hint: 'Nothing moved. Send the same request again; the operator should see that the TigerBeetle cluster has a quorum.',
  },
  not_leader: {
    status: 503,
    title: 'Another process leads the journal',
    hint: 'Nothing was taken. Send the same request to the gateway that leads; this one stops, and may be started again as a standby.',
  },
  rail_unavailable: { status: 503, title: 'The rail does not answer', hint: 'Nothing moved. Use another rail, or try again later.' },
  rate_unavailable: {
    status: 503,
    title: 'There is no rate that can be believed now',
    hint: 'Nothing moved. Try again in a minute; GET /v1/rates says why.',
  },
  rail_misconfigured: {
    status: 500,
    title: 'The configuration of a rail does not fit what it meets',
    hint: 'Nothing was started. Compare the configured values in `meta` with what the rail says, and correct them.',
  },
  no_rail: {
    status: 422,
    title: 'No rail can serve this amount and destination',
    hint: 'The reasons of each rail are in `meta.candidates`.',
  },
  // Lightning Addresses and LNURL
  address_taken: {
    status: 409,
    title: 'The name of this Lightning Address is taken',
    hint: 'Choose another name; a name that was once given away is never given to another.',
  },
  destination_forbidden: {
    status: 422,
    title: 'This server may not be called',
    hint: 'Nothing moved. Name a host with a public address that speaks HTTPS.',
  },
  dispute_not_due: {
    status: 409,
    title: 'The dispute does not allow this now',
    hint: 'GET /v1/disputes/<id> says how it stands and until when. A refused step has moved nothing.',
  },
  destination_unreachable: {
    status: 502,
    title: 'This server does not answer as it should',
    hint: 'Nothing moved. Try again later, or name another server.',
  },
  destination_untruthful: {
    status: 502,
    title: "The payee's server asks for something else than was agreed",
    hint: 'Nothing moved. Tell the payee, and pay to another destination.',
  },
} as const satisfies Record<string, ErrorKind>
