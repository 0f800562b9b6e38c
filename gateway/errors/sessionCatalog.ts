import type { ErrorKind } from './errorKind.ts'

/** The codes of sessions, over voucher channels and over Lightning: rows of `catalog.ts`, which says what they are. */
export const sessionCatalog = {
  session_bad_signature: {
    status: 402,
    title: "The voucher is not signed by the channel's payer",
    hint: 'Sign Voucher(bytes32 channelId,uint128 cumulative) in the domain of the hub, as docs/vouchers.md says, with the key of the payer.',
  },
  session_balance_low: {
    status: 402,
    title: 'The vouchers of this session do not cover the request',
    hint: 'Sign a voucher over `meta.requiredCumulative` and send the request again; above `meta.deposit`, top the channel up first.',
  },
  session_delta_small: {
    status: 402,
    title: 'The voucher adds less than is taken here',
    hint: 'Sign one that adds at least `minVoucherDelta` of the challenge, or all the rest of the deposit.',
  },
  session_not_found: {
    status: 410,
    title: 'There is no such channel to this payee',
    hint: 'Open a channel by the challenge of this route, and send its id; a deposit counts once it is final.',
  },
  session_ended: {
    status: 410,
    title: 'The channel of this session is closed or closing',
    hint: 'Forget the channel and open another, with a new salt.',
  },
  session_reverted: {
    status: 409,
    title: 'The chain has refused the transaction of this session',
    hint: 'Nothing was taken. Check the balance, the times and the nonce of the authorization, and sign another with a new salt.',
  },
  session_bad_return: {
    status: 402,
    title: 'What is left of the session could not be paid to this invoice',
    hint: 'Send a BOLT 11 invoice of the same network that names no amount and does not end soon; the deposit stays good.',
  },
  session_closed: {
    status: 402,
    title: 'The session is closed',
    hint: 'Open another one by the challenge of this answer. What was left is paid back to the return invoice.',
  },
  session_deposit_low: {
    status: 402,
    title: 'The deposits of this session do not cover the request',
    hint: 'Pay the depositInvoice of the challenge of this answer, send it as topUp, and send the request again.',
  },
  session_unknown: {
    status: 402,
    title: 'There is no such session here',
    hint: 'The sessionId is the payment hash of the deposit that opened it, for the same payee and host.',
  },
  close_not_worth: {
    status: 422,
    title: 'The close of this channel is not paid for by the gateway',
    hint: 'Call requestClose of the hub yourself and withdraw a day later, or go on paying by the channel.',
  },
} as const satisfies Record<string, ErrorKind>
