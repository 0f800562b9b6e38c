import { z } from 'zod'

/** What LND keeps in a file: its content in base64 or hex, or the path of the file (`/...` or `./...`). */
const keyFile = z.string().min(8)

/** An LND node of the operator's own: any network. */
const lnd = z.strictObject({
  /** `host:port` of gRPC. A name rather than an address, because the certificate is for a name. */
  socket: z.string().regex(/^[^:/\s]+:[0-9]{1,5}$/, 'host:port'),
  /** `tls.cert`; absent where the certificate is from a public authority. */
  cert: keyFile.optional(),
  /** One macaroon for everything, or, better, one that can only receive and one that can only pay. */
  macaroon: z.union([keyFile, z.strictObject({ receive: keyFile, pay: keyFile })]),
  /** The channels that payments may leave by, as LND writes them (`800000x1x0`); all when absent. */
  outgoingChannels: z
    .array(z.string().regex(/^[0-9]+x[0-9]+x[0-9]+$/, 'a channel such as 800000x1x0'))
    .min(1)
    .max(64)
    .optional(),
})

/** The embedded node, for the local network alone: the chain it reads and its one peer. */
const embedded = z.strictObject({
  chainUrl: z.url(),
  peer: z.strictObject({ nodeId: z.string(), host: z.string(), port: z.int() }),
  /** Memory at which the node's process makes way for a new one; 512 when absent. LDK's module ends at 1024. */
  memoryMbMax: z.int().min(128).max(768).optional(),
  /** All that may be under way in payments too small for an output of their own, which a force close would lose; 25000 when absent. */
  dustSatMax: z.int().min(0).max(1_000_000).optional(),
})

/** The Lightning rail: on an LND node, or on the embedded one. */
export const lightningConfig = z.union([z.strictObject({ lnd }), embedded])

export type LndConfig = z.infer<typeof lnd>
