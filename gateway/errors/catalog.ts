import type { ErrorKind } from './errorKind.ts'
import { programCatalog } from './programCatalog.ts'

/** One row a code. `docs/errors.md` has a heading for each; `test/tidy.test.ts` compares the two and the places that raise them. */
export const catalog = {
  // Input
  invalid_request: { status: 400, title: 'The request is not valid', hint: 'Correct the fields named in `errors` and send it again.' },
  invalid_amount: {
    status: 400,
    title: 'The amount is not valid',
    hint: 'Send a positive decimal string, such as "0.002", within the precision of its asset.',
  },
  invalid_split: {
    status: 400,
    title: 'The split table is not valid',
    hint: 'Send 1 to 200 payees, each account once, with whole positive shares that sum to at most 2^96.',
  },
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
  attempt_not_stuck: {
    status: 409,
    title: 'The attempt cannot be ended by hand',
    hint: 'Nothing was done. Read the payout again: a person ends only an attempt that is unknown and stuck.',
  },
  forbidden: { status: 403, title: 'This key may not do that', hint: 'Use a key of the party concerned, or the operator key.' },
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
  too_busy: { status: 429, title: 'The queue is full', hint: 'Nothing was taken. Try again after the seconds in Retry-After.' },
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
  outcome_unknown: {
    status: 503,
    title: 'The outcome is not known yet',
    hint: 'Do not pay again. Repeat the same request: it is looked up, not repeated.',
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
  gateway_unreachable: { status: 503, title: 'Payments cannot be taken at the moment', hint: 'Nothing was taken. Try again later.' },
  seller_misconfigured: { status: 503, title: 'This route is not set up to be sold', hint: 'Nothing was taken. Try again later.' },
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
    title: "The payee's server may not be called",
    hint: 'Nothing moved. Name a host with a public address that speaks HTTPS.',
  },
  destination_unreachable: {
    status: 502,
    title: "The payee's server does not answer as it should",
    hint: 'Nothing moved. Try again later, or pay to another destination.',
  },
  destination_untruthful: {
    status: 502,
    title: "The payee's server asks for something else than was agreed",
    hint: 'Nothing moved. Tell the payee, and pay to another destination.',
  },
  // Proofs of payment (402)
  payment_required: {
    status: 402,
    title: 'Payment is needed',
    hint: 'Pay one of the offers and repeat the same request with its proof.',
  },
  proof_malformed: {
    status: 400,
    title: 'The proof of payment cannot be read',
    hint: 'Send the header exactly as x402 v2 encodes it; nothing was taken.',
  },
  credential_malformed: {
    status: 402,
    title: 'The Payment credential cannot be read',
    hint: 'Send Authorization: Payment with unpadded base64url JSON that echoes the whole challenge; nothing was taken.',
  },
  proof_unsupported: {
    status: 402,
    title: 'This kind of proof is not accepted here',
    hint: 'Use one of the offers in the 402: x402 v2 exact, MPP evm or lightning charge, L402, or a balance.',
  },
  proof_ambiguous: { status: 400, title: 'More than one proof of payment was sent', hint: 'Send exactly one; nothing was taken.' },
  challenge_expired: {
    status: 402,
    title: 'The challenge has expired',
    hint: 'Pay the new challenge of this answer. If you paid an invoice too late, the receipt of the payment is your claim.',
  },
  token_malformed: {
    status: 402,
    title: 'The L402 token cannot be read',
    hint: 'Send Authorization: L402 <macaroon>:<preimage> with the macaroon as it came and 64 hex digits, or pay the new challenge of this answer.',
  },
  token_caveat_unknown: {
    status: 402,
    title: 'The L402 token has a caveat that is not understood here',
    hint: 'Send the token without what was added to it, or narrow it by caveats that docs/passes.md names; or pay the new challenge of this answer.',
  },
  token_spent: {
    status: 402,
    title: 'Nothing is left of the pass that this L402 token buys from',
    hint: 'Pay the new challenge of this answer and drop this token.',
  },
  challenge_altered: {
    status: 402,
    title: 'The challenge was not made here, or was altered',
    hint: 'Echo the challenge exactly as it was sent; pay the new one of this answer.',
  },
  challenge_wrong_route: {
    status: 402,
    title: 'The proof belongs to another request',
    hint: 'Send the proof with the request whose 402 it answers.',
  },
  proof_wrong_chain: { status: 402, title: 'The authorization is for another chain', hint: 'Sign for the chain named in the offer.' },
  proof_wrong_token: { status: 402, title: 'The authorization is for another token', hint: 'Sign for the token named in the offer.' },
  proof_wrong_payee: {
    status: 402,
    title: 'The authorization pays another address',
    hint: 'Sign for the payee named in the offer; the signature is unused and can be thrown away.',
  },
  proof_wrong_amount: {
    status: 402,
    title: 'The authorization is for another amount',
    hint: 'Sign for exactly the amount of the offer, not more and not less.',
  },
  proof_wrong_spender: {
    status: 402,
    title: 'The permit lets somebody else take the money',
    hint: 'Sign with the proxy of the scheme as the spender (x402 exact or upto over Permit2), and for upto with `extra.facilitatorAddress` as the facilitator.',
  },
  permit2_allowance_required: {
    status: 412,
    title: 'Permit2 may not take so much of the token',
    hint: 'Call approve(0x000000000022D473030F116dDEE9F6B43aC78BA3, amount) of the token once, and send the same payment again.',
  },
  collection_too_dear: {
    status: 402,
    title: 'Its gas costs more than it brings',
    hint: 'Nothing was taken. Pay by another offer, or later.',
  },
  credit_needed: { status: 402, title: 'No credit for work that is paid by its use', hint: 'Pay from a balance, or try again later.' },
  proof_wrong_nonce: {
    status: 402,
    title: 'The nonce does not belong to the challenge',
    hint: 'Use keccak256(challenge id followed by realm) as the nonce of the authorization.',
  },
  proof_nonce_used: {
    status: 402,
    title: 'The authorization was used or cancelled',
    hint: 'Sign a new authorization with a nonce that was never used.',
  },
  authorization_paid_before: {
    status: 409,
    title: 'The authorization has paid already, and not for a request that is known here',
    hint: 'Do not pay again. Show the seller `meta.transaction`: the money stands at `meta.to`, and the seller can serve or refund it.',
  },
  proof_expires_soon: {
    status: 402,
    title: 'The authorization ends too soon to be collected',
    hint: 'Sign with a validBefore at least 6 seconds ahead, better the expiry of the offer.',
  },
  proof_ends_late: { status: 402, title: 'The authorization ends too late', hint: 'Sign with a validBefore at most a day ahead.' },
  proof_not_yet_valid: {
    status: 402,
    title: 'The authorization is not valid yet',
    hint: 'Sign with validAfter 0, or repeat the request when that time has passed.',
  },
  proof_bad_signature: {
    status: 402,
    title: "The signature is not the payer's",
    hint: 'Sign the EIP-712 message with the key of `from`; only plain accounts (65 bytes, low s) are accepted.',
  },
  proof_wrong_preimage: {
    status: 402,
    title: 'The preimage does not open the payment hash',
    hint: "Send the preimage that paying this challenge's own invoice revealed.",
  },
  voucher_not_higher: {
    status: 409,
    title: 'The voucher adds nothing',
    hint: 'A voucher names the sum of all payments so far: sign one above `meta.accepted`, and send the vouchers of one channel in order.',
  },
  voucher_over_deposit: {
    status: 402,
    title: 'The voucher exceeds the deposit',
    hint: 'Top the channel up, wait until the deposit is final, and send the voucher again.',
  },
  channel_closing: {
    status: 409,
    title: 'The channel is closing or closed',
    hint: 'Open a new channel with another salt; what was accepted is claimed before the close.',
  },
  channel_not_accepted: {
    status: 422,
    title: 'Vouchers of this channel are not accepted here',
    hint: "Open one whose closer is this gateway's, as GET /v1/splits/:id/channel_terms names it, or the zero address.",
  },
  deposit_too_small: {
    status: 422,
    title: 'The deposit is too small for the gas that it costs',
    hint: 'Deposit at least `meta.deposit_min`, or open the channel yourself.',
  },
  payment_not_collected: {
    status: 402,
    title: 'The authorization could not be collected',
    hint: 'Nothing was taken yet, and an unused authorization is tried until it ends: mend the cause and repeat the same request, or cancel it and pay anew.',
  },
  payer_delegated: {
    status: 402,
    title: 'The payer account has delegated its code',
    hint: 'Nothing was taken yet; the authorization is tried until it ends. End the delegation and repeat, or pay by another offer (Lightning, a balance).',
  },
  payment_id_used: {
    status: 409,
    title: 'This payment identifier has paid already',
    hint: 'Repeat exactly the request that it paid for within a day, or take a new id for a new payment. Nothing was taken for this request.',
  },
  proof_used: {
    status: 402,
    title: 'This proof has paid already',
    hint: 'Repeat exactly the request that it paid for, within its offer or with its Idempotency-Key, or pay the new challenge of this answer.',
  },
  request_interrupted: {
    status: 409,
    title: 'The work of the request was cut off',
    hint: 'It is not run again. An authorization was let go; money that had arrived goes back by the link in `refund`.',
  },
  refund_not_due: {
    status: 409,
    title: 'Nothing can be refunded by this link now',
    hint: 'GET the link shows how it stands. What is on its way, or may have arrived, is not paid a second time.',
  },
  not_refundable: { status: 409, title: 'This payment cannot be given back', hint: 'GET /v1/payments/<receipt> says how it stands.' },
  answer_not_kept: {
    status: 410,
    title: 'The answer was too long to be kept',
    hint: 'The receipt in `meta` proves the payment; ask the seller for the content.',
  },
  range_not_satisfiable: { status: 416, title: 'The answer has no such range', hint: 'Content-Range says how many bytes it has.' },
  ...programCatalog,
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof catalog
