/** What the Lightning world tells its parent once its channel is usable. */
export type LightningReady = Readonly<{
  controlUrl: string
  chainUrl: string
  router: Readonly<{ nodeId: string; host: string; port: number }>
  /** `address` is the customer's Lightning Address; its host is this machine's. */
  customer: Readonly<{ nodeId: string; address: string }>
}>
