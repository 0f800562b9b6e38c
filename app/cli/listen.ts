import { createServer } from 'node:net'
import { GatewayError } from '../../gateway/errors/gatewayError.ts'

/** Why the system does not let a server listen there, by its own codes. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another program',
  EACCES: 'needs rights that this user does not have',
  EADDRNOTAVAIL: 'is no address of this machine',
}

type Place = Readonly<{ host: string; port: number }>

/** Listens by `listen`; throws `address_unavailable` when the place cannot be had. */
export async function listenAt<T>({ host, port }: Place, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen()
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? REASONS[String(cause.code)] : undefined
    if (reason === undefined) throw cause
    throw new GatewayError('address_unavailable', `${host}:${port} ${reason}`, { cause, meta: { host, port } })
  }
}

/** Throws `address_unavailable` when nobody could listen there now, before much is started for it. */
export async function checkFree(place: Place): Promise<void> {
  const server = createServer()
  await listenAt(place, () => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    server.once('error', reject)
    server.listen(place.port, place.host, resolve)
    return promise
  })
  await new Promise((resolve) => server.close(resolve))
}
