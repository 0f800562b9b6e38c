/**
 * Where the node is and what opens it: certificate and macaroons in base64 or hex, as LND's files hold them. `cert` is absent where the certificate is from a
 * public authority.
 */
export type LndAccess = Readonly<{
  /** `host:port` of gRPC, a name rather than an address. */
  socket: string
  cert?: string
  macaroons: Readonly<{ receive: string; pay: string }>
}>

/** What the macaroon to receive may call, and nothing beyond: it can move no money out. Names as the client's `grantAccess({ methods })` takes them. */
export const RECEIVE_METHODS = [
  'cancelHodlInvoice',
  'createHodlInvoice',
  'createInvoice',
  'getBackups',
  'getChainBalance',
  'getChainTransactions',
  'getChannelBalance',
  'getChannels',
  'getClosedChannels',
  'getHeight',
  'getInvoice',
  'getInvoices',
  'getPendingChainBalance',
  'getPendingChannels',
  'getWalletInfo',
  'settleHodlInvoice',
  'subscribeToBackups',
  'subscribeToInvoice',
  'subscribeToInvoices',
] as const

/** What the macaroon to pay may call: it can pay invoices and nodes, and not open or close channels or touch the wallet on chain. */
export const PAY_METHODS = [
  'getChannels',
  'getPayment',
  'getRouteToDestination',
  'getWalletInfo',
  'payViaPaymentDetails',
  'payViaPaymentRequest',
] as const
