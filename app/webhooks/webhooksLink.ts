import type { Address } from '../../gateway/events/webhooks/address.ts'

/** What the thread is started with. */
export type CourierStart = Readonly<{
  readPath: string
  outboxPath: string
  localHosts: readonly string[] | 'all'
  /** By how many seconds a test has put the clock forward, where one may. */
  aheadS: SharedArrayBuffer | undefined
}>

/** What it is told: all addresses as they are now, or to end. It answers notices. */
export type ToCourier = Readonly<{ kind: 'addresses'; addresses: readonly Address[] }> | Readonly<{ kind: 'end' }>
