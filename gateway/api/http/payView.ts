import type { Intent } from '../../payins/intent/intent.ts'

type Wire = Intent['offers'][number]['wire']

/** What a payer needs on an offer's rail. What is inside a custom rail's fields is that rail's own. */
export function payView(wire: Wire) {
  if (wire.kind === 'bolt11') return { kind: wire.kind, invoice: wire.invoice, payment_hash: wire.paymentHash, network: wire.network }
  if (wire.kind !== 'evm') return wire
  const { kind, token, hub, ref, signed, facilitator, channel } = wire
  return {
    kind,
    chain_id: wire.chainId,
    token,
    token_name: wire.tokenName,
    token_version: wire.tokenVersion,
    hub,
    split_id: wire.splitId,
    ref,
    pay_to: wire.payTo,
    ...(signed ? { signed } : {}),
    ...(facilitator ? { facilitator } : {}),
    ...(channel ? { channel: channelView(channel) } : {}),
  }
}

type Channel = NonNullable<Extract<Wire, { kind: 'evm' }>['channel']>

function channelView({ authorizer, withdrawDelayS, depositMin }: Channel) {
  const least = depositMin === undefined ? {} : { deposit_min: depositMin.toString() }
  return { authorizer, withdraw_delay_s: withdrawDelayS, ...least }
}
