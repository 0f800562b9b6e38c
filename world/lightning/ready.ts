/** What the Lightning world tells its parent once its channel is usable. */
export type LightningReady = Readonly<{
  controlUrl: string
  chainUrl: string
  router: Readonly<{ nodeId: string; host: string; port: number }>
  customer: Readonly<{ nodeId: string }>
}>
