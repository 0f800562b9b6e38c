import type { ErrorKind } from './errorKind.ts'

/** The codes of proofs of payment (402) and of what they paid for: rows of `catalog.ts`, which says what they are. */
export const proofCatalog = {
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
  channel_refund_empty: {
    status: 402,
    title: 'Nothing is left in the channel',
    hint: 'What was deposited has been paid, claimed or withdrawn.',
  },
  channel_refund_refused: {
    status: 402,
    title: 'The channel is not paid back by request',
    hint: 'Nothing has moved. Withdraw at the contract, which needs nobody: initiateWithdraw, and finalizeWithdraw after `withdrawDelay` seconds.',
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
  payer_not_deployed: {
    status: 402,
    title: 'The payer account is not made yet',
    hint: 'Nothing was taken. Send any transaction by the account, which makes it, and repeat, or pay by another offer (Lightning, a balance).',
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
  already_charged: {
    status: 409,
    title: 'What the work used was charged already',
    hint: 'One word says what a work used in the end, and it has come, or its time was over: then what was told before is taken.',
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
} as const satisfies Record<string, ErrorKind>
