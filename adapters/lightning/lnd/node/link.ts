import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { AuthenticatedLnd } from 'lightning'
import grpc from 'lightning/grpc/index.js'
import apiForProto from 'lightning/lnd_grpc/api_for_proto.js'
import grpcCredentials from 'lightning/lnd_grpc/grpc_credentials.js'
import { invariant } from '../../../../gateway/errors/invariant.ts'
import type { LndAccess } from './access.ts'

const PROTOS = join(dirname(createRequire(import.meta.url).resolve('lightning')), 'grpc', 'protos')

/**
 * A link that carries nothing and does not say so, as behind a firewall that forgot it, would hang every call until TCP gives up, a quarter of an hour
 * later. So it is pinged while a call is open; LND wants five seconds at least between pings (`grpc.client-ping-min-wait`). Two silent pings' time ends it: its
 * socket is destroyed with what waits in it, its calls fail as of a node that went down, and the next call makes a new link.
 */
const LINK = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // Left alone, the client waits up to two minutes between tries to come back.
  'grpc.max_reconnect_backoff_ms': 5_000,
}

/** The client's own way into LND, as its `authenticatedLndGrpc` puts it together, with a link that is watched. */
export function openLink({ socket, cert }: LndAccess, macaroon: string): AuthenticatedLnd {
  const { credentials } = grpcCredentials(cert === undefined ? { macaroon } : { macaroon, cert })
  const services = Object.entries(grpc.serviceTypes).map(([name, service]) => {
    const [file, type] = [grpc.protoFiles[service], grpc.packageTypes[service]]
    invariant(file !== undefined && type !== undefined, `the client knows the service ${service}`)
    return [name, apiForProto({ credentials, params: LINK, path: join(PROTOS, file), service, socket, type })] as const
  })
  return Object.fromEntries(services) as unknown as AuthenticatedLnd // The same services by the same names.
}
