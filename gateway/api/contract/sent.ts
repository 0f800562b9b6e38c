import type { Json } from '../../ports/books.ts'

const party = 'pa_019ab2f08c6e7d41a3b5c7d9e1f20436'
const account = '0x8ba1f109551bd432803012645ac136ddd64dba72'
const payTo = '0x5fbdb2315678afecb367f032d93f642f64180aa3'
const token = '0x036cbd53842c5426634e7929541ec2318f3dcf7e'
const hash = '8f3d2c1b0a99887766554433221100ffeeddccbbaa99887766554433221100ff'
const signature = `0x${hash}${hash}1b`
const node = `02${hash}`
const event = 'evt_00000000104200000003'
const lightningAddress = { kind: 'lightning_address', address: 'songs@wallet.example' }
const grounds = { reason: 'The payer has named it', evidence: { text: 'Mail of 24 November' } }
const admission: Json = {
  attempt: '0f8c1a72-5b9e-4d31-a7c4',
  request: { method: 'GET', url: 'https://api.example/essays/7', route: '/essays/:id', headers: {} },
  price: { amount: '0.002' },
}
const authorization: Json = { from: account, value: '2000', valid_after: '0', valid_before: '1795510800', signature }
const x402Terms: Json = {
  scheme: 'exact',
  network: 'eip155:84532',
  asset: token,
  payTo,
  amount: '2000',
  maxTimeoutSeconds: 60,
  extra: { name: 'USDC', version: '2' },
}
const x402Authorization: Json = {
  from: account,
  to: payTo,
  value: '2000',
  validAfter: '0',
  validBefore: '1795510800',
  nonce: `0x${hash}`,
}
const facilitated: Json = {
  x402Version: 2,
  paymentPayload: { x402Version: 2, accepted: x402Terms, payload: { signature, authorization: x402Authorization } },
  paymentRequirements: x402Terms,
}

/** What is sent to an operation, by its id: each is accepted by its route's own schema, which a test holds. */
export const SENT: Readonly<Record<string, Json>> = {
  createParty: { name: 'Example essays' },
  createAgent: { name: 'researcher', request_usd_max: '0.05', day_usd_max: '2' },
  createDeviceCode: { name: 'researcher', request_usd_max: '0.05', day_usd_max: '2' },
  getDeviceKey: { device_code: 'dc_019ab2f08c6e7d41a3b5c7d9e1f20436019ab2f08c6' },
  grantDeviceCode: { name: 'researcher', request_usd_max: '0.05', day_usd_max: '2' },
  setApprovalLimits: { payouts_usd_max: '500' },
  createKey: { name: 'the shop’s server', can: { payment_intents: 'write', events: 'read' }, expires_in_s: 7_776_000 },
  rotateKey: { overlap_s: 3_600 },
  createSplit: { label: 'authors', payees: [{ party, account, shares: 7 }] },
  openChannel: {
    split: 'sp_019ab2f08c6e7d41a3b5c7d9e1f20436',
    payer: account,
    salt: '7',
    deposit: { value: '1000000', salt: `0x${hash}`, valid_after: '0', valid_before: '1795510800', signature },
  },
  payByVoucher: { cumulative: '2000', signature },
  advanceTestClock: { by_s: 86_400 },
  createPayoutBatch: {
    party,
    asset: 'EUR',
    rows: [{ amount: '120.5', destinations: [{ kind: 'iban', iban: 'DE89370400440532013000', name: 'Mia Weber' }], reference: 'November' }],
    on_refused: 'pay_others',
  },
  previewPayoutBatch: {
    party,
    asset: 'EUR',
    rows: [{ amount: '120.5', destinations: [{ kind: 'iban', iban: 'DE89370400440532013000', name: 'Mia Weber' }] }],
  },
  createPaymentIntent: { amount: { asset: 'USD', amount: '4.2' }, payee: party, description: 'An essay', order_id: '4711' },
  createInvoice: {
    payment_intent: 'pi_019ab2f08c6e7d41a3b5c7d9e1f20436',
    seller: { name: 'Heron', address: { city: 'Berlin', postal_code: '10115', country: 'DE' }, vat_id: 'DE123456789' },
    buyer: { name: 'Mia', address: { city: 'Lyon', country: 'FR' } },
    lines: [{ description: 'An essay', quantity: '1', unit_price: { asset: 'USD', amount: '3.5' }, tax: { category: 'S', rate: '20' } }],
  },
  createPaymentLink: { amount: { asset: 'USD', amount: '4.2' }, payee: party, description: 'A ticket', uses_max: 100 },
  createPlan: { amount: { asset: 'USD', amount: '9' }, interval: 'month', trial_days: 14, payee: party, description: 'Essays' },
  repricePlan: { amount: { asset: 'USD', amount: '11' } },
  cancelSubscription: { at: 'period_end' },
  createSubscription: { plan: 'plan_019ab2f08c6e7d41a3b5c7d9e1f20436', subscriber: party },
  consentToSubscription: { amount_max: { asset: 'USD', amount: '9' } },
  payPaymentIntent: { rail: 'book' },
  handOverAuthorization: { rail: 'evm', authorization },
  admitRequest: admission,
  keepAnswer: { claim: 'evm:84532:8ba1f1', attempt: '0f8c1a72-5b9e-4d31-a7c4', status: 200, content_type: 'text/plain', body: 'An essay' },
  admitBatch: { calls: [{ admit: admission }] },
  makeListing: { url: 'https://api.example', name: 'Essays', routes: [{ method: 'GET', path: '/essays/:id', price: { amount: '0.002' } }] },
  verifyFacilitatedPayment: facilitated,
  settleFacilitatedPayment: facilitated,
  publishFacilitatedResource: { resource: 'https://api.example/essays/7', accepts: [x402Terms], description: 'An essay' },
  createExchange: {
    party,
    from: { rail: 'lightning' },
    amount: { asset: 'EUR', amount: '12.5' },
    destinations: [{ kind: 'iban', iban: 'DE89370400440532013000', name: 'Example essays' }],
    reference: 'invoice 4711',
  },
  recallPayout: { reason: 'DUPL', details: 'Invoice 7 was paid twice' },
  createPayout: { party, amount: { asset: 'USD', amount: '25' }, destinations: [lightningAddress], reference: 'November' },
  createQuote: {
    party,
    receive: { asset: 'EUR', amount: '50' },
    destinations: [{ kind: 'iban', iban: 'DE89370400440532013000', name: 'Mia Weber' }],
    fee_bearer: 'payer',
  },
  createStandingOrder: {
    asset: 'USDC',
    destination: lightningAddress,
    every: 'month',
    day: 1,
    keep: '10',
    reference: 'what was earned',
  },
  createRefund: {
    payment: 'rc_019ab2f08c6e7d41a3b5c7d9e1f20436',
    amount: { asset: 'USD', amount: '0.001' },
    reason: 'half of it was missing',
  },
  openDispute: {
    payment: 'rc_019ab2f08c6e7d41a3b5c7d9e1f20436',
    reason: 'not_received',
    note: 'The payer says that nothing came',
  },
  submitDisputeEvidence: {
    text: 'Delivered on 3 November, signed for',
    references: [{ kind: 'delivery', value: 'parcel 00340434161094042557' }],
  },
  decideDispute: { outcome: 'won' },
  claimRefund: { destination: lightningAddress },
  assignSuspense: { item: 'bank:2026-11-24:4711', to: party, reason: grounds.reason, evidence: grounds.evidence },
  refundSuspense: {
    item: 'bank:2026-11-24:4711',
    destinations: [{ kind: 'iban', iban: 'DE89370400440532013000', name: 'Example essays' }],
    reason: grounds.reason,
    evidence: grounds.evidence,
  },
  writeOffSuspense: { item: 'bank:2026-11-24:4711', reason: 'Nobody has asked for a year', evidence: grounds.evidence },
  adjustBooks: {
    debit: 'rail:bank:account',
    credit: 'suspense:bank',
    asset: 'EUR',
    amount: '12.5',
    reason: 'An entry of the bank that no file had',
    evidence: grounds.evidence,
  },
  assignBreak: { to: 'anna' },
  resolveBreak: { how: 'entry', reason: 'The charge of the quarter', evidence: grounds.evidence },
  endAttempt: { outcome: 'failed', reason: 'The node’s operator has shown that it was refused' },
  createWebhookEndpoint: { url: 'https://shop.example/hooks', types: ['payment_intent.*'], description: 'the shop' },
  changeWebhookEndpoint: { types: ['payment_intent.*', 'payout.*'] },
  rotateWebhookSecret: { overlap_s: 3_600 },
  replayWebhookEvents: { from: event },
  setRoutingPolicy: { forbid: ['bank'], prefer: ['lightning'], prefer_by_usd: '0.10', wait_percent: 200 },
  tryRoutingPolicy: { forbid: ['bank'] },
  simulateRouting: { party, amount: { asset: 'USD', amount: '100' }, destinations: [lightningAddress], schedules: ['rtp', 'ach_same_day'] },
  quoteLightningPayment: { node, amount_msat: '5000000' },
  createNodeWithdrawal: { address: 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080', amount_sat: '250000', fee_rate: '2' },
  createLightningAddress: { name: 'songs', party, description: 'Songs', comment_max: 140 },
  createWithdrawLink: { party, amount: { asset: 'BTC', amount: '0.0001' }, description: 'A prize' },
  createLogin: { action: 'login' },
  createWalletApp: { party, name: 'a player', budget: { asset: 'BTC', amount: '0.0001' }, period: 'daily' },
}
