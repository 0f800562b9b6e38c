import { z } from 'zod'

// What PostgreSQL answers. Its 64-bit integers come as text.
// The client hands out Buffers; the port's bytes are plain.
const bytes = z.instanceof(Uint8Array).transform((b) => new Uint8Array(b.buffer, b.byteOffset, b.byteLength))
const count = z.coerce.number().pipe(z.int())

export const formatRow = z.object({ format: z.int() })
export const serverRow = z.object({ fsync: z.string(), replica: z.boolean() })
export const headRow = z.object({ seq: count, hash: bytes })
export const leadRow = z.object({ epoch: z.string(), seq: count, hash: bytes })
export const holderRow = z.object({ holder: z.string().nullable(), seq: count, hash: bytes })
export const hashRow = z.object({ hash: bytes })
export const blockRow = z.object({ seq: count, at: z.coerce.bigint(), n: z.int(), hash: bytes, data: bytes })
